window.YTD.note_tweet.part0 = [
 {
  "noteTweet": {
   "noteTweetId": "5001",
   "updatedAt": "2024-05-02T10:00:00.000Z",
   "createdAt": "2024-05-02T10:00:00.000Z",
   "lifecycle": {
    "value": "1",
    "name": "Published",
    "originalName": "Published",
    "annotations": {}
   },
   "core": {
    "styletags": [],
    "urls": [],
    "text": "In the same second something else that is long and was cut somewhere in the middle of it: a < b & c, says @mira_reed, #tide.",
    "mentions": [
     {
      "screenName": "mira_reed",
      "fromIndex": "0",
      "toIndex": "0"
     }
    ],
    "cashtags": [],
    "hashtags": [
     {
      "text": "tide",
      "fromIndex": "0",
      "toIndex": "0"
     }
    ]
   }
  }
 },
 {
  "noteTweet": {
   "noteTweetId": "5002",
   "updatedAt": "2024-05-02T10:00:00.000Z",
   "createdAt": "2024-05-02T10:00:00.000Z",
   "lifecycle": {
    "value": "1",
    "name": "Published",
    "originalName": "Published",
    "annotations": {}
   },
   "core": {
    "styletags": [],
    "urls": [
     {
      "expandedUrl": "https://example.org/tide",
      "toIndex": "0",
      "shortUrl": "https://t.co/new1",
      "displayUrl": "x",
      "fromIndex": "0"
     }
    ],
    "text": "A long report about the tide, with a table at https://t.co/new1 and more of it than one post could hold. Again: https://t.co/new1",
    "mentions": [],
    "cashtags": [],
    "hashtags": []
   }
  }
 },
 {
  "noteTweet": {
   "noteTweetId": "5003",
   "updatedAt": "2024-05-02T10:00:00.000Z",
   "createdAt": "2024-05-02T10:00:00.000Z",
   "lifecycle": {
    "value": "1",
    "name": "Published",
    "originalName": "Published",
    "annotations": {}
   },
   "core": {
    "styletags": [],
    "urls": [],
    "text": "A long text of a post that is not here",
    "mentions": [],
    "cashtags": [],
    "hashtags": []
   }
  }
 }
]