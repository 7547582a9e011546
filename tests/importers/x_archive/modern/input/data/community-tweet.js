window.YTD.community_tweet.part0 = [
 {
  "tweet": {
   "edit_info": {
    "initial": {
     "editTweetIds": [
      "1200"
     ],
     "editableUntil": "2024-05-01T09:00:00.000Z",
     "editsRemaining": "5",
     "isEditEligible": true
    }
   },
   "retweeted": false,
   "source": "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
   "entities": {
    "hashtags": [],
    "symbols": [],
    "user_mentions": [
     {
      "name": "Mira Reed",
      "screen_name": "mira_reed",
      "indices": [
       "0",
       "10"
      ],
      "id_str": "7002",
      "id": "7002"
     }
    ],
    "urls": []
   },
   "display_text_range": [
    "0",
    "27"
   ],
   "favorite_count": "0",
   "id_str": "1200",
   "truncated": false,
   "retweet_count": "0",
   "id": "1200",
   "created_at": "Sun May 05 06:00:00 +0000 2024",
   "favorited": false,
   "full_text": "@mira_reed to the community",
   "lang": "en",
   "community_id_str": "6001",
   "community_id": "6001",
   "scopes": {
    "followers": false
   },
   "in_reply_to_status_id_str": "9004",
   "in_reply_to_status_id": "9004",
   "in_reply_to_user_id_str": "7002",
   "in_reply_to_user_id": "7002",
   "in_reply_to_screen_name": "mira_reed"
  }
 }
]