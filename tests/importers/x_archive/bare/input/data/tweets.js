[
 {
  "tweet": {
   "id_str": "500",
   "created_at": "Wed Oct 10 20:19:24 +0000 2018",
   "full_text": "Nothing but a text"
  }
 },
 {
  "tweet": {
   "id": 501,
   "created_at": null,
   "full_text": "An id that is a number",
   "entities": null,
   "favorite_count": 7,
   "retweet_count": "many",
   "lang": null,
   "in_reply_to_status_id_str": null
  }
 },
 {
  "tweet": {
   "id_str": "502",
   "created_at": "Wed Feb 30 20:19:24 +0000 2018",
   "full_text": "A link https://t.co/jj00 twice https://t.co/jj00, and @orla too",
   "entities": {
    "urls": [
     {
      "url": "https://t.co/jj00",
      "expanded_url": "javascript:alert(1)",
      "indices": [
       "7",
       "24"
      ]
     },
     {
      "url": "https://t.co/jj00",
      "expanded_url": "https://example.org/",
      "indices": [
       "0",
       "17"
      ]
     }
    ],
    "user_mentions": [
     {
      "screen_name": "orla",
      "indices": [
       "3"
      ]
     }
    ]
   }
  }
 },
 {
  "tweet": {
   "id_str": "503",
   "created_at": "Wed Oct 10 20:19:26 +0000 2018",
   "full_text": "Wrong places @orla @orla https://t.co/kk11 #no #yes",
   "entities": {
    "urls": [
     {
      "url": "https://t.co/kk11",
      "expanded_url": "https://example.org/x",
      "indices": [
       "1",
       "2"
      ]
     },
     {
      "url": "https://t.co/none",
      "expanded_url": "https://example.org/hidden",
      "indices": [
       "90",
       "99"
      ]
     }
    ],
    "user_mentions": [
     {
      "screen_name": "orla",
      "indices": [
       "0",
       "5"
      ]
     },
     {
      "screen_name": "orla",
      "indices": [
       "0",
       "5"
      ]
     }
    ],
    "hashtags": [
     {
      "text": "yes",
      "indices": [
       "-4",
       "0"
      ]
     }
    ]
   }
  }
 },
 {
  "tweet": {
   "id_str": "504",
   "created_at": "Wed Oct 10 20:19:27 +0000 2018",
   "full_text": ""
  }
 },
 {
  "tweet": {
   "id_str": "abc",
   "full_text": "an id of letters"
  }
 },
 {
  "tweet": {
   "id_str": "505",
   "created_at": "Wed Oct 10 20:19:28 +0000 2018",
   "full_text": "null"
  }
 },
 {
  "tweet": {
   "id_str": "506",
   "created_at": "Wed Oct 10 20:19:29 +0000 2018",
   "full_text": [
    "a",
    "list"
   ],
   "text": "Text of another name"
  }
 },
 [
  1,
  2
 ],
 "text",
 null,
 7
]