window.YTD.twitter_circle_tweet.part0 = [
 {
  "tweet": {
   "edit_info": {
    "initial": {
     "editTweetIds": [
      "8101"
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
    "user_mentions": [],
    "urls": []
   },
   "display_text_range": [
    "0",
    "13"
   ],
   "favorite_count": "0",
   "id_str": "8101",
   "truncated": false,
   "retweet_count": "0",
   "id": "8101",
   "created_at": "Fri May 03 10:31:00 +0000 2024",
   "favorited": false,
   "full_text": "For my circle",
   "lang": "en"
  }
 }
]