window.YTD.account.part0 = [
 {
  "account": {
   "email": "owner@example.invalid",
   "createdVia": "web",
   "username": "orla_finch",
   "accountId": "7001",
   "createdAt": "2019-06-07T08:09:10.111Z",
   "accountDisplayName": "Orla Finch 🪶"
  }
 }
]