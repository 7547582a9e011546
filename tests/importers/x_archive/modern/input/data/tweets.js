window.YTD.tweets.part0 = [
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
    "hashtags": [
     {
      "text": "Vogelzug",
      "indices": [
       "60",
       "69"
      ]
     }
    ],
    "symbols": [],
    "user_mentions": [
     {
      "name": "Mira Reed",
      "screen_name": "mira_reed",
      "indices": [
       "77",
       "87"
      ],
      "id_str": "7002",
      "id": "7002"
     }
    ],
    "urls": [
     {
      "url": "https://t.co/aa11",
      "expanded_url": "https://example.org/map?a=1&b=2",
      "display_url": "example.org/map?a=1&",
      "indices": [
       "38",
       "55"
      ]
     }
    ]
   },
   "display_text_range": [
    "0",
    "93"
   ],
   "favorite_count": "12",
   "id_str": "1010",
   "truncated": false,
   "retweet_count": "3",
   "id": "1010",
   "created_at": "Mon Apr 29 07:05:06 +0000 2024",
   "favorited": false,
   "full_text": "Herons &amp; reeds 🦩: a map of 池, see https://t.co/aa11 and #Vogelzug 🪶 with @mira_reed &lt;3",
   "lang": "en"
  }
 },
 {
  "tweet": {
   "edit_info": {
    "initial": {
     "editTweetIds": [
      "1020"
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
      "expanded_url": "https://twitter.com/orla_finch/status/1020/photo/1",
      "indices": [
       "40",
       "57"
      ],
      "url": "https://t.co/bb22",
      "media_url": "http://pbs.twimg.com/media/zulu.jpg",
      "media_url_https": "https://pbs.twimg.com/media/zulu.jpg",
      "id_str": "991020",
      "type": "photo",
      "display_url": "pic.x.com/x",
      "ext_alt_text": "A heron &amp; its shadow"
     }
    ]
   },
   "display_text_range": [
    "0",
    "57"
   ],
   "favorite_count": "0",
   "id_str": "1020",
   "truncated": false,
   "retweet_count": "0",
   "id": "1020",
   "created_at": "Mon Apr 29 07:06:06 +0000 2024",
   "favorited": false,
   "full_text": "Second of the thread, with two pictures https://t.co/bb22",
   "lang": "en",
   "extended_entities": {
    "media": [
     {
      "expanded_url": "https://twitter.com/orla_finch/status/1020/photo/1",
      "indices": [
       "40",
       "57"
      ],
      "url": "https://t.co/bb22",
      "media_url": "http://pbs.twimg.com/media/zulu.jpg",
      "media_url_https": "https://pbs.twimg.com/media/zulu.jpg",
      "id_str": "991020",
      "type": "photo",
      "display_url": "pic.x.com/x",
      "ext_alt_text": "A heron &amp; its shadow"
     },
     {
      "expanded_url": "https://twitter.com/orla_finch/status/1020/photo/1",
      "indices": [
       "40",
       "57"
      ],
      "url": "https://t.co/bb22",
      "media_url": "http://pbs.twimg.com/media/alpha.png",
      "media_url_https": "https://pbs.twimg.com/media/alpha.png",
      "id_str": "991020",
      "type": "photo",
      "display_url": "pic.x.com/x"
     }
    ]
   },
   "possibly_sensitive": true,
   "in_reply_to_status_id_str": "1010",
   "in_reply_to_status_id": "1010",
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
      "1030"
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
    "urls": [],
    "media": [
     {
      "expanded_url": "https://twitter.com/orla_finch/status/1030/video/1",
      "indices": [
       "16",
       "33"
      ],
      "url": "https://t.co/cc33",
      "media_url": "http://pbs.twimg.com/media/thumb.jpg",
      "media_url_https": "https://pbs.twimg.com/media/thumb.jpg",
      "id_str": "991030",
      "type": "photo",
      "display_url": "pic.x.com/x",
      "video_info": {
       "aspect_ratio": [
        "16",
        "9"
       ],
       "variants": [
        {
         "content_type": "application/x-mpegURL",
         "url": "https://video.twimg.com/v/1/pl/list.m3u8?tag=1"
        },
        {
         "bitrate": "256000",
         "content_type": "video/mp4",
         "url": "https://video.twimg.com/v/1/low.mp4?tag=1"
        },
        {
         "bitrate": "832000",
         "content_type": "video/mp4",
         "url": "https://video.twimg.com/v/1/high.mp4?tag=1"
        }
       ]
      }
     }
    ]
   },
   "display_text_range": [
    "0",
    "33"
   ],
   "favorite_count": "0",
   "id_str": "1030",
   "truncated": false,
   "retweet_count": "0",
   "id": "1030",
   "created_at": "Mon Apr 29 08:00:00 +0000 2024",
   "favorited": false,
   "full_text": "@mira_reed yes! https://t.co/cc33",
   "lang": "en",
   "extended_entities": {
    "media": [
     {
      "expanded_url": "https://twitter.com/orla_finch/status/1030/video/1",
      "indices": [
       "16",
       "33"
      ],
      "url": "https://t.co/cc33",
      "media_url": "http://pbs.twimg.com/media/thumb.jpg",
      "media_url_https": "https://pbs.twimg.com/media/thumb.jpg",
      "id_str": "991030",
      "type": "video",
      "display_url": "pic.x.com/x",
      "video_info": {
       "aspect_ratio": [
        "16",
        "9"
       ],
       "variants": [
        {
         "content_type": "application/x-mpegURL",
         "url": "https://video.twimg.com/v/1/pl/list.m3u8?tag=1"
        },
        {
         "bitrate": "256000",
         "content_type": "video/mp4",
         "url": "https://video.twimg.com/v/1/low.mp4?tag=1"
        },
        {
         "bitrate": "832000",
         "content_type": "video/mp4",
         "url": "https://video.twimg.com/v/1/high.mp4?tag=1"
        }
       ]
      }
     }
    ]
   },
   "in_reply_to_status_id_str": "9001",
   "in_reply_to_status_id": "9001",
   "in_reply_to_user_id_str": "7002",
   "in_reply_to_user_id": "7002"
  }
 },
 {
  "tweet": {
   "edit_info": {
    "initial": {
     "editTweetIds": [
      "1040"
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
      "url": "https://t.co/dd44",
      "expanded_url": "https://twitter.com/mira_reed/status/9002?s=20",
      "display_url": "twitter.com/mira_ree",
      "indices": [
       "13",
       "30"
      ]
     }
    ]
   },
   "display_text_range": [
    "0",
    "30"
   ],
   "favorite_count": "0",
   "id_str": "1040",
   "truncated": false,
   "retweet_count": "0",
   "id": "1040",
   "created_at": "Tue Apr 30 08:00:00 +0000 2024",
   "favorited": false,
   "full_text": "So it begins https://t.co/dd44",
   "lang": "en"
  }
 },
 {
  "tweet": {
   "edit_info": {
    "initial": {
     "editTweetIds": [
      "1050"
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
      "url": "https://t.co/ee55",
      "expanded_url": "https://x.com/orla_finch/status/1010",
      "display_url": "x.com/orla_finch/sta",
      "indices": [
       "11",
       "28"
      ]
     }
    ],
    "media": [
     {
      "expanded_url": "https://twitter.com/orla_finch/status/1050/photo/1",
      "indices": [
       "29",
       "46"
      ],
      "url": "https://t.co/ee56",
      "media_url": "http://pbs.twimg.com/media/gone.jpg",
      "media_url_https": "https://pbs.twimg.com/media/gone.jpg",
      "id_str": "991050",
      "type": "photo",
      "display_url": "pic.x.com/x"
     }
    ]
   },
   "display_text_range": [
    "0",
    "46"
   ],
   "favorite_count": "0",
   "id_str": "1050",
   "truncated": false,
   "retweet_count": "0",
   "id": "1050",
   "created_at": "Tue Apr 30 08:10:00 +0000 2024",
   "favorited": false,
   "full_text": "As I said: https://t.co/ee55 https://t.co/ee56",
   "lang": "en",
   "extended_entities": {
    "media": [
     {
      "expanded_url": "https://twitter.com/orla_finch/status/1050/photo/1",
      "indices": [
       "29",
       "46"
      ],
      "url": "https://t.co/ee56",
      "media_url": "http://pbs.twimg.com/media/gone.jpg",
      "media_url_https": "https://pbs.twimg.com/media/gone.jpg",
      "id_str": "991050",
      "type": "photo",
      "display_url": "pic.x.com/x"
     }
    ]
   }
  }
 },
 {
  "tweet": {
   "edit_info": {
    "initial": {
     "editTweetIds": [
      "1060"
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
       "3",
       "13"
      ],
      "id_str": "7002",
      "id": "7002"
     }
    ],
    "urls": []
   },
   "display_text_range": [
    "0",
    "144"
   ],
   "favorite_count": "0",
   "id_str": "1060",
   "truncated": false,
   "retweet_count": "40",
   "id": "1060",
   "created_at": "Tue Apr 30 09:00:00 +0000 2024",
   "favorited": false,
   "full_text": "RT @mira_reed: The marsh &amp; the mill, a long story about water that goes on beyond what one could keep in a hundred and forty letters, so it…",
   "lang": "en"
  }
 },
 {
  "tweet": {
   "edit_info": {
    "initial": {
     "editTweetIds": [
      "1070"
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
       "3",
       "13"
      ],
      "id_str": "7002",
      "id": "7002"
     }
    ],
    "urls": [],
    "media": [
     {
      "expanded_url": "https://twitter.com/mira_reed/status/9003/photo/1",
      "indices": [
       "20",
       "37"
      ],
      "url": "https://t.co/ff66",
      "media_url": "http://pbs.twimg.com/media/reed.jpg",
      "media_url_https": "https://pbs.twimg.com/media/reed.jpg",
      "id_str": "999003",
      "type": "photo",
      "display_url": "pic.x.com/x",
      "source_status_id_str": "9003",
      "source_user_id_str": "7002"
     }
    ]
   },
   "display_text_range": [
    "0",
    "37"
   ],
   "favorite_count": "0",
   "id_str": "1070",
   "truncated": false,
   "retweet_count": "0",
   "id": "1070",
   "created_at": "Tue Apr 30 09:10:00 +0000 2024",
   "favorited": false,
   "full_text": "RT @mira_reed: Look https://t.co/ff66",
   "lang": "en",
   "extended_entities": {
    "media": [
     {
      "expanded_url": "https://twitter.com/mira_reed/status/9003/photo/1",
      "indices": [
       "20",
       "37"
      ],
      "url": "https://t.co/ff66",
      "media_url": "http://pbs.twimg.com/media/reed.jpg",
      "media_url_https": "https://pbs.twimg.com/media/reed.jpg",
      "id_str": "999003",
      "type": "photo",
      "display_url": "pic.x.com/x",
      "source_status_id_str": "9003",
      "source_user_id_str": "7002"
     }
    ]
   }
  }
 },
 {
  "tweet": {
   "edit_info": {
    "initial": {
     "editTweetIds": [
      "1080"
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
    "100"
   ],
   "favorite_count": "0",
   "id_str": "1080",
   "truncated": false,
   "retweet_count": "0",
   "id": "1080",
   "created_at": "Tue Apr 30 09:20:00 +0000 2024",
   "favorited": false,
   "full_text": "RT @orla_finch: Herons &amp; reeds 🦩: a map of 池, see https://t.co/aa11 and #Vogelzug 🪶 with @mira_…",
   "lang": "en"
  }
 },
 {
  "tweet": {
   "edit_info": {
    "initial": {
     "editTweetIds": [
      "1090",
      "1091",
      "1092"
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
   "id_str": "1090",
   "truncated": false,
   "retweet_count": "0",
   "id": "1090",
   "created_at": "Wed May 01 08:00:00 +0000 2024",
   "favorited": false,
   "full_text": "First wrod",
   "lang": "en"
  }
 },
 {
  "tweet": {
   "edit_info": {
    "edit": {
     "initialTweetId": "1090",
     "editControlInitial": {
      "editTweetIds": [
       "1090",
       "1091",
       "1092"
      ],
      "editableUntil": "2024-05-01T09:00:00.000Z",
      "editsRemaining": "4",
      "isEditEligible": true
     }
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
    "19"
   ],
   "favorite_count": "0",
   "id_str": "1092",
   "truncated": false,
   "retweet_count": "0",
   "id": "1092",
   "created_at": "Wed May 01 08:20:00 +0000 2024",
   "favorited": false,
   "full_text": "First word, at last",
   "lang": "en"
  }
 },
 {
  "tweet": {
   "edit_info": {
    "edit": {
     "initialTweetId": "1090",
     "editControlInitial": {
      "editTweetIds": [
       "1090",
       "1091",
       "1092"
      ],
      "editableUntil": "2024-05-01T09:00:00.000Z",
      "editsRemaining": "4",
      "isEditEligible": true
     }
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
    "11"
   ],
   "favorite_count": "0",
   "id_str": "1091",
   "truncated": false,
   "retweet_count": "0",
   "id": "1091",
   "created_at": "Wed May 01 08:10:00 +0000 2024",
   "favorited": false,
   "full_text": "First world",
   "lang": "en"
  }
 },
 {
  "tweet": {
   "edit_info": {
    "initial": {
     "editTweetIds": [
      "1100"
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
    "34"
   ],
   "favorite_count": "0",
   "id_str": "1100",
   "truncated": false,
   "retweet_count": "0",
   "id": "1100",
   "created_at": "Wed May 01 09:00:00 +0000 2024",
   "favorited": false,
   "full_text": "And an answer to the first version",
   "lang": "en",
   "in_reply_to_status_id_str": "1090",
   "in_reply_to_status_id": "1090",
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
      "1110"
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
    "urls": [
     {
      "url": "https://t.co/old1",
      "expanded_url": "https://example.org/tide",
      "display_url": "example.org/tide",
      "indices": [
       "57",
       "74"
      ]
     }
    ]
   },
   "display_text_range": [
    "0",
    "95"
   ],
   "favorite_count": "0",
   "id_str": "1110",
   "truncated": false,
   "retweet_count": "0",
   "id": "1110",
   "created_at": "Thu May 02 10:00:00 +0000 2024",
   "favorited": false,
   "full_text": "@mira_reed A long report about the tide, with a table at https://t.co/old1 and more of it than…",
   "lang": "en",
   "in_reply_to_status_id_str": "9001",
   "in_reply_to_status_id": "9001",
   "in_reply_to_user_id_str": "7002",
   "in_reply_to_user_id": "7002",
   "in_reply_to_screen_name": "mira_reed"
  }
 }
]