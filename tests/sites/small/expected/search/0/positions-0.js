sitegen.receive("search/0/positions-0","( .#'+(','1& : ! $ <. & &*5* 6 (H & * 6 +2 $ L 8 &$ 2 ./* ! . $ , ! F , B @ D 0 4 !J FD $ J 00 6 > $ , !! $ %& B! @ ( , B @ 0 ! & ( & ( ( * , F 0 $ ! /& -&")
