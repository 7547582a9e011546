window.YTD.tweets.part1 = [
 {
  "tweet": {
   "edit_info": {
    "initial": {
     "editTweetIds": [
      "1120"
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
    "80"
   ],
   "favorite_count": "0",
   "id_str": "1120",
   "truncated": false,
   "retweet_count": "0",
   "id": "1120",
   "created_at": "Thu May 02 10:00:00 +0000 2024",
   "favorited": false,
   "full_text": "In the same second something else that is long and was cut somewhere in the mid…",
   "lang": "en"
  }
 },
 {
  "tweet": {
   "edit_info": {
    "initial": {
     "editTweetIds": [
      "1130"
     ],
     "editableUntil": "2024-05-01T09:00:00.000Z",
     "editsRemaining": "5",
     "isEditEligible": true
    }
   },
   "retweeted": false,
   "source": "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
   "entities": {
    "hashtags": [
     {
      "text": "طيور",
      "indices": [
       "36",
       "41"
      ]
     }
    ],
    "symbols": [],
    "user_mentions": [
     {
      "name": "Mira Reed",
      "screen_name": "mira_reed",
      "indices": [
       "13",
       "23"
      ],
      "id_str": "7002",
      "id": "7002"
     }
    ],
    "urls": []
   },
   "display_text_range": [
    "0",
    "45"
   ],
   "favorite_count": "0",
   "id_str": "1130",
   "truncated": false,
   "retweet_count": "0",
   "id": "1130",
   "created_at": "Fri May 03 10:00:00 +0000 2024",
   "favorited": false,
   "full_text": "طائر البلشون @mira_reed في المستنقع ＃طيور 🐦‍⬛",
   "lang": "ar"
  }
 },
 {
  "tweet": {
   "edit_info": {
    "initial": {
     "editTweetIds": [
      "1140"
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
    "29"
   ],
   "favorite_count": "0",
   "id_str": "1140",
   "truncated": false,
   "retweet_count": "0",
   "id": "1140",
   "created_at": "Fri May 03 11:00:00 +0000 2024",
   "favorited": false,
   "full_text": "An answer to what I took back",
   "lang": "qme",
   "in_reply_to_status_id_str": "8001",
   "in_reply_to_status_id": "8001",
   "in_reply_to_user_id_str": "7001",
   "in_reply_to_user_id": "7001",
   "in_reply_to_screen_name": "orla_finch"
  }
 },
 {
  "tweet": {
   "edit_info": {
    "initial": {
     "editTweetIds": [
      "1150"
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
    "28"
   ],
   "favorite_count": "0",
   "id_str": "1150",
   "truncated": false,
   "retweet_count": "0",
   "id": "1150",
   "created_at": "Fri May 03 12:00:00 +0000 2024",
   "favorited": false,
   "full_text": "Which way? https://t.co/gg77",
   "lang": "en",
   "card": {
    "name": "poll2choice_text_only",
    "binding_values": {
     "choice1_label": {
      "type": "STRING",
      "string_value": "Up"
     },
     "choice1_count": {
      "type": "STRING",
      "string_value": "4"
     },
     "choice2_label": {
      "type": "STRING",
      "string_value": "Down"
     },
     "choice2_count": {
      "type": "STRING",
      "string_value": "2"
     },
     "end_datetime_utc": {
      "type": "STRING",
      "string_value": "2024-05-04T12:00:00Z"
     }
    }
   },
   "coordinates": {
    "type": "Point",
    "coordinates": [
     "1.0",
     "2.0"
    ]
   }
  }
 },
 {
  "tweet": {
   "edit_info": {
    "initial": {
     "editTweetIds": [
      "1160"
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
    "18"
   ],
   "favorite_count": "0",
   "id_str": "1160",
   "truncated": false,
   "retweet_count": "0",
   "id": "1160",
   "created_at": "Fri May 03 13:00:00 +0000 2024",
   "favorited": false,
   "full_text": "For followers only",
   "lang": "en",
   "scopes": {
    "followers": true
   }
  }
 },
 {
  "tweet": {
   "edit_info": {
    "initial": {
     "editTweetIds": [
      "1010"
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
    "33"
   ],
   "favorite_count": "0",
   "id_str": "1010",
   "truncated": false,
   "retweet_count": "0",
   "id": "1010",
   "created_at": "Mon Apr 29 07:05:06 +0000 2024",
   "favorited": false,
   "full_text": "Herons, once more in another part",
   "lang": "en"
  }
 },
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
    "26"
   ],
   "favorite_count": "0",
   "id_str": "8001",
   "truncated": false,
   "retweet_count": "0",
   "id": "8001",
   "created_at": "Fri May 03 10:30:00 +0000 2024",
   "favorited": false,
   "full_text": "Taken back, and still here",
   "lang": "en"
  }
 },
 {
  "tweet": {
   "full_text": "no id at all"
  }
 },
 {
  "tweet": {
   "edit_info": {
    "initial": {
     "editTweetIds": [
      "1170"
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
    "33"
   ],
   "favorite_count": "0",
   "id_str": "1170",
   "truncated": false,
   "retweet_count": "0",
   "id": "1170",
   "created_at": "Sat May 04 06:00:00 +0000 2024",
   "favorited": false,
   "full_text": "No pictures told, yet one is here",
   "lang": "in"
  }
 }
]