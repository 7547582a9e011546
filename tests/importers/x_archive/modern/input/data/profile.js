window.YTD.profile.part0 = [
 {
  "profile": {
   "description": {
    "bio": "Birds &amp; tides.\nسجل الطيور",
    "website": "https://example.org/orla",
    "location": "The marsh"
   },
   "avatarMediaUrl": "https://pbs.twimg.com/profile_images/31/face.jpg",
   "headerMediaUrl": "https://pbs.twimg.com/profile_banners/7001/1700000000"
  }
 }
]