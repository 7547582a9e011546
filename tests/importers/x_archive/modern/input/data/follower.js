window.YTD.follower.part0 = [
 {
  "follower": {
   "accountId": "7002",
   "userLink": "https://twitter.com/intent/user?user_id=7002"
  }
 }
]