window.YTD.article.part0 = [
 {
  "article": {
   "id": "4001",
   "title": "Not done yet",
   "lifecycle": {
    "name": "Draft"
   }
  }
 },
 {
  "article": {
   "id": "4002",
   "title": "Out",
   "lifecycle": {
    "name": "Published"
   }
  }
 }
]