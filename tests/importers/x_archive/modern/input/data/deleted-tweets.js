window.YTD.deleted_tweets.part0 = [
 {
  "tweet": {
   "edit_info": {
    "initial": {
     "editTweetIds": [
      "8001"
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
    "10"
   ],
   "favorite_count": "0",
   "id_str": "8001",
   "truncated": false,
   "retweet_count": "0",
   "id": "8001",
   "created_at": "Fri May 03 10:30:00 +0000 2024",
   "favorited": false,
   "full_text": "Taken back",
   "lang": "en",
   "deleted_at": "Fri May 03 10:40:00 +0000 2024"
  }
 },
 {
  "tweet": {
   "edit_info": {
    "initial": {
     "editTweetIds": [
      "8002"
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
    "15"
   ],
   "favorite_count": "0",
   "id_str": "8002",
   "truncated": false,
   "retweet_count": "0",
   "id": "8002",
   "created_at": "Fri May 03 10:31:00 +0000 2024",
   "favorited": false,
   "full_text": "Also taken back",
   "lang": "en"
  }
 }
]