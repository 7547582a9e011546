window.__THAR_CONFIG = {
 "userInfo": {
  "accountId": "7001",
  "userName": "orla_finch",
  "displayName": "Orla Finch"
 },
 "archiveInfo": {
  "sizeBytes": "1",
  "generationDate": "2024-05-06T00:00:00.000Z",
  "isPartialArchive": false,
  "maxPartSizeBytes": "53687091200"
 },
 "dataTypes": {
  "tweets": {
   "files": [
    {
     "fileName": "data/tweets.js",
     "globalName": "YTD.x.part0",
     "count": "13"
    },
    {
     "fileName": "data/tweets-part1.js",
     "globalName": "YTD.x.part0",
     "count": "9"
    }
   ],
   "mediaDirectory": "data/tweets_media"
  },
  "directMessages": {
   "files": [
    {
     "fileName": "data/direct-messages.js",
     "globalName": "YTD.x.part0",
     "count": "2"
    }
   ]
  },
  "like": {
   "files": [
    {
     "fileName": "data/like.js",
     "globalName": "YTD.x.part0",
     "count": "3"
    }
   ]
  },
  "follower": {
   "files": [
    {
     "fileName": "data/follower.js",
     "globalName": "YTD.x.part0",
     "count": "1"
    }
   ]
  }
 }
}