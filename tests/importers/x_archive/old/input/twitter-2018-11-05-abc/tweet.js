window.YTD.tweet.part0 = [
 {
  "edit_info": {
   "initial": {
    "editTweetIds": [
     "300000000000000003"
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
   "urls": [],
   "media": [
    {
     "expanded_url": "https://twitter.com/orla_finch/status/300000000000000003/photo/1",
     "indices": [
      "10",
      "26"
     ],
     "url": "http://t.co/ii99",
     "media_url": "http://pbs.twimg.com/media/mill.jpg",
     "media_url_https": "https://pbs.twimg.com/media/mill.jpg",
     "id_str": "99300000000000000003",
     "type": "photo",
     "display_url": "pic.x.com/x"
    }
   ]
  },
  "display_text_range": [
   "0" , 
   "26"
  ],
  "favorite_count": "0" , 
  "id_str": "300000000000000003",
  "truncated": false,
  "retweet_count": "0" , 
  "id": "300000000000000003",
  "created_at": "Tue Nov 06 08:00:00 +0000 2012",
  "favorited": false,
  "full_text": "A picture http://t.co/ii99",
  "lang": "en",
  "extended_entities": {
   "media": [
    {
     "expanded_url": "https://twitter.com/orla_finch/status/300000000000000003/photo/1",
     "indices": [
      "10",
      "26"
     ],
     "url": "http://t.co/ii99",
     "media_url": "http://pbs.twimg.com/media/mill.jpg",
     "media_url_https": "https://pbs.twimg.com/media/mill.jpg",
     "id_str": "99300000000000000003",
     "type": "photo",
     "display_url": "pic.x.com/x"
    }
   ]
  }
 },
 {
  "edit_info": {
   "initial": {
    "editTweetIds": [
     "300000000000000002"
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
     "name": "Orla",
     "screen_name": "orla_finch",
     "indices": [
      "0" , 
      "11"
     ],
     "id_str": "7001",
     "id": "7001"
    }
   ],
   "urls": []
  },
  "display_text_range": [
   "0" , 
   "55"
  ],
  "favorite_count": "0" , 
  "id_str": "300000000000000002",
  "truncated": false,
  "retweet_count": "0" , 
  "id": "300000000000000002",
  "created_at": "Tue Nov 06 07:30:00 +0000 2012",
  "favorited": false,
  "full_text": "@orla_finch and high tide, says &quot;the almanac&quot;",
  "lang": "en",
  "in_reply_to_status_id_str": "300000000000000001",
  "in_reply_to_status_id": "300000000000000001",
  "in_reply_to_user_id_str": "7001",
  "in_reply_to_user_id": "7001",
  "in_reply_to_screen_name": "orla_finch"
 },
 {
  "edit_info": {
   "initial": {
    "editTweetIds": [
     "300000000000000001"
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
   "urls": [
    {
     "url": "http://t.co/hh88",
     "expanded_url": "http://example.org/mill",
     "display_url": "example.org/mill",
     "indices": [
      "21",
      "37"
     ]
    }
   ]
  },
  "display_text_range": [
   "0" , 
   "37"
  ],
  "favorite_count": "0" , 
  "id_str": "300000000000000001",
  "truncated": false,
  "retweet_count": "0" , 
  "id": "300000000000000001",
  "created_at": "Tue Nov 06 07:00:00 +0000 2012",
  "favorited": false,
  "full_text": "Low tide at the mill http://t.co/hh88",
  "lang": "en",
 } ,
]
