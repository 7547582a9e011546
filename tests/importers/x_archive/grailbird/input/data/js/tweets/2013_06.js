Grailbird.data.tweets_2013_06 = 
[
 {
  "source": "<a href=\"https://reed.example\" rel=\"nofollow\">Reed for Phones</a>",
  "entities": {
   "user_mentions": [
    {
     "name": "Mira Reed",
     "screen_name": "mira_reed",
     "indices": [
      3,
      13
     ],
     "id_str": "7002",
     "id": 7002
    }
   ],
   "media": [],
   "hashtags": [],
   "urls": []
  },
  "geo": {},
  "id_str": "341000000000000009",
  "text": "RT @mira_reed: The sluice at the old mill is shut until the herons have left, says the man with the keys &amp; he means it; bring boots, and\u2026",
  "id": 341000000000000009,
  "created_at": "2013-06-01 12:00:00 +0200",
  "user": {
   "name": "Orla Finch",
   "screen_name": "orla_finch",
   "protected": false,
   "id_str": "7001",
   "profile_image_url_https": "https://pbs.example/o.png",
   "id": 7001,
   "verified": false
  },
  "retweeted_status": {
   "source": "<a href=\"https://reed.example\" rel=\"nofollow\">Reed for Phones</a>",
   "entities": {
    "user_mentions": [],
    "media": [],
    "hashtags": [],
    "urls": [
     {
      "indices": [
       137,
       155
      ],
      "url": "http://t.co/mILL22",
      "expanded_url": "http://mill.example/",
      "display_url": "mill.example"
     }
    ]
   },
   "geo": {},
   "id_str": "340000000000000000",
   "text": "The sluice at the old mill is shut until the herons have left, says the man with the keys & he means it; bring boots, and no dogs please http://t.co/mILL22",
   "id": 340000000000000000,
   "created_at": "2013-05-31 09:00:00 +0000",
   "user": {
    "name": "Mira Reed",
    "screen_name": "mira_reed",
    "protected": false,
    "id_str": "7002",
    "id": 7002,
    "verified": false
   }
  }
 },
 {
  "source": "<a href=\"https://reed.example\" rel=\"nofollow\">Reed for Phones</a>",
  "entities": {
   "user_mentions": [],
   "media": [
    {
     "expanded_url": "http://twitter.com/orla_finch/status/341000000000000011/photo/1",
     "indices": [
      10,
      27
     ],
     "url": "http://t.co/pIC33",
     "media_url": "http://pbs.example/m/ab.jpg",
     "media_url_https": "https://pbs.example/m/ab.jpg",
     "id_str": "5",
     "id": 5,
     "sizes": [],
     "display_url": "pic.twitter.com/pIC33"
    }
   ],
   "hashtags": [],
   "urls": []
  },
  "geo": {},
  "id_str": "341000000000000011",
  "text": "A picture http://t.co/pIC33",
  "id": 341000000000000011,
  "created_at": "2013-06-02 12:00:00 +0000",
  "user": {
   "name": "Orla Finch",
   "screen_name": "orla_finch",
   "protected": false,
   "id_str": "7001",
   "profile_image_url_https": "https://pbs.example/o.png",
   "id": 7001,
   "verified": false
  }
 }
]