window.YTD.like.part0 = [
 {
  "like": {
   "tweetId": "9100",
   "fullText": "liked",
   "expandedUrl": "https://twitter.com/i/web/status/9100"
  }
 },
 {
  "like": {
   "tweetId": "9100",
   "fullText": "liked",
   "expandedUrl": "https://twitter.com/i/web/status/9100"
  }
 },
 {
  "like": {
   "tweetId": "9100",
   "fullText": "liked",
   "expandedUrl": "https://twitter.com/i/web/status/9100"
  }
 }
]