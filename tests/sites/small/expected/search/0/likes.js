sitegen.receive("search/0/likes","!!!!!3!!!!")
