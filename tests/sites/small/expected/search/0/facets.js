sitegen.receive("search/0/facets",{"days":"!vwJb<b$b!`##b!%","kinds":"0000011100","networks":[["bluesky","mastodon"],"!#!!!!!!!!"],"languages":[[[],["ar"],["en"]],"!!!!#$!!!!"]})
