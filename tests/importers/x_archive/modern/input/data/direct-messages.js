window.YTD.direct_messages.part0 = [
 {
  "dmConversation": {
   "conversationId": "7001-7002",
   "messages": []
  }
 },
 {
  "dmConversation": {
   "conversationId": "7001-7002",
   "messages": []
  }
 }
]