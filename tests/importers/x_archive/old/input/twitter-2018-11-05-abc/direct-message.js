window.YTD.direct_message.part0 = [
 {
  "dmConversation": {}
 }
]