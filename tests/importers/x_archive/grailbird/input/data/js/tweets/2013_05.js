Grailbird.data.tweets_2013_05 = 
[
 {
  "source": "<a href=\"https://reed.example\" rel=\"nofollow\">Reed for Phones</a>",
  "entities": {
   "user_mentions": [
    {
     "name": "Mira Reed",
     "screen_name": "mira_reed",
     "indices": [
      0,
      10
     ],
     "id_str": "7002",
     "id": 7002
    }
   ],
   "media": [],
   "hashtags": [],
   "urls": [
    {
     "indices": [
      39,
      58
     ],
     "url": "http://t.co/gATe11",
     "expanded_url": "http://reed.example/gate",
     "display_url": "reed.example/gate"
    }
   ]
  },
  "geo": {},
  "id_str": "331000000000000003",
  "text": "@mira_reed the gate < the ditch & back http://t.co/gATe11",
  "id": 331000000000000003,
  "created_at": "2013-05-05 18:20:01 +0000",
  "user": {
   "name": "Orla Finch",
   "screen_name": "orla_finch",
   "protected": false,
   "id_str": "7001",
   "profile_image_url_https": "https://pbs.example/o.png",
   "id": 7001,
   "verified": false
  },
  "in_reply_to_status_id_str": "331000000000000001",
  "in_reply_to_status_id": 331000000000000001,
  "in_reply_to_user_id_str": "7002",
  "in_reply_to_user_id": 7002,
  "in_reply_to_screen_name": "mira_reed"
 },
 {
  "source": "<a href=\"https://reed.example\" rel=\"nofollow\">Reed for Phones</a>",
  "entities": {
   "user_mentions": [],
   "media": [],
   "hashtags": [
    {
     "text": "marsh",
     "indices": [
      17,
      23
     ]
    }
   ],
   "urls": []
  },
  "geo": {
   "type": "Point",
   "coordinates": [
    52.0907,
    5.1214
   ]
  },
  "id_str": "331000000000000002",
  "text": "Rain &amp; reeds #marsh",
  "id": 331000000000000002,
  "created_at": "2013-05-04 08:00:00 +0000",
  "user": {
   "name": "Orla Finch",
   "screen_name": "orla_finch",
   "protected": false,
   "id_str": "7001",
   "profile_image_url_https": "https://pbs.example/o.png",
   "id": 7001,
   "verified": false
  },
  "coordinates": {
   "type": "Point",
   "coordinates": [
    5.1214,
    52.0907
   ]
  },
  "place": {
   "full_name": "Oosterhamrik"
  }
 }
]