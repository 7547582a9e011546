"""The most usual given names, and titles, of languages that write names with a capital letter.

They tell that a word is the name of a person, and that the word behind them is a surname. Names
that are as usual for something else, such as Paris, Jordan or Ruby, are left out.
"""

from __future__ import annotations

from functools import cache

from sitegen.query.folding import fold

_NAMES = """
    Aaron Abigail Adam Adrian Agnes Aisha Alan Albert Alberto Alec Alejandra Alejandro Aleksander
    Alessandro Alessia Alex Alexander Alexandra Alexandre Alexei Alfonso Alfredo Alice Alicia Alina
    Alison Allan Allison Alvaro Amanda Amelia Amir Amy Ana Anders Andre Andrea Andreas Andrei Andres
    Andrew Andrzej Andy Angela Anita Anja Anke Anna Anne Annette Annika Antoine Anton Antonia
    Antonio Arjun Armando Arne Arnold Arthur Arturo Astrid Audrey Augusto Aurelie Axel Barbara Bea
    Beatrice Beatriz Ben Benedikt Benjamin Bernard Bernd Beth Betty Bianca Bill Birgit Bjorn Bob
    Boris Brad Brenda Brendan Brian Bridget Bruce Bruno Camila Camille Carina Carl Carla Carlo
    Carlos Carmen Caroline Catarina Catherine Cathy Cecile Cecilia Celine Cesar Charles Charlie
    Chiara Chris Christa Christina Christine Christoph Christophe Christopher Cindy Clara Claudia
    Claudio Clemens Colin Connor Craig Cristian Cristina Cynthia Damian Dan Daniel Daniela Daniele
    Danielle Danny Dario Dave David Davide Deborah Debbie Denis Dennis Derek Diana Diane Didier
    Diego Dieter Dirk Dmitri Dmitry Dominik Dominique Donald Donna Doris Dorothy Doug Douglas Duncan
    Dylan Ed Eddie Edgar Edith Edmund Eduardo Edward Edwin Eileen Elaine Eleanor Elena Eli Elias
    Elisa Elisabeth Elise Elizabeth Ella Ellen Elliot Elsa Emil Emilia Emilie Emilio Emily Emma
    Emmanuel Enrico Enrique Enzo Eric Erica Erik Erika Ernesto Esteban Esther Eva Evan Evelyn
    Ezequiel Fabian Fabio Facundo Fatima Federico Felipe Felix Fernanda Fernando Filip Finn Fiona
    Florian Frances Francesca Francesco Francis Francisco Franck Francois Francoise Frank Franz Fred
    Frederic Frederick Friedrich Gabriel Gabriela Gareth Gary Gavin Georg George Georges Gerald
    Gerard Gerd Giacomo Gianluca Gilbert Giorgio Giovanni Giulia Giuseppe Gonzalo Gordon Graham Greg
    Gregor Gregory Greta Guido Guilherme Guillaume Guillermo Gunter Gustavo Hannah Hans Harald
    Harold Harry Hassan Hazel Heather Hector Heidi Heike Heiko Heinrich Heinz Helen Helena Helene
    Helga Helmut Henri Henrik Henry Herbert Hermann Holger Holly Horst Howard Hugh Hugo Ian Ibrahim
    Idris Ignacio Igor Inga Inge Ingo Ingrid Irene Iris Irina Isaac Isabel Isabella Isabelle Ivan
    Jack Jackie Jacob Jacqueline Jacques Jaime Jakob Jakub James Jamie Jana Jane Janet Janina Jason
    Javier Jay Jean Jeff Jeffrey Jennifer Jenny Jens Jeremy Jerome Jerry Jesper Jessica Jim Jimmy
    Joachim Joan Joana Joanna Joao Joaquin Jochen Joe Joel Joerg Johan Johann Johanna Johannes John
    Johnny Jon Jonas Jonathan Jorge Jorg Jose Josef Joseph Josh Joshua Joyce Juan Judith Judy Julia
    Julian Juliana Julie Julien Juliette Julio Justin Jurgen Karen Karin Karl Karol Karsten Kasper
    Katarina Kate Katharina Katherine Kathleen Kathrin Kathy Katie Katja Katrin Keith Kelly Ken
    Kenneth Kerstin Kevin Kim Kimberly Klara Klaus Konrad Konstantin Kristen Kristian Kristin
    Kristina Krzysztof Kurt Kyle Larry Lars Laura Laurence Laurent Leah Leandro Lena Leo Leon
    Leonardo Leonel Leonie Leslie Leticia Liam Lidia Lily Lina Linda Lionel Lisa Liz Lorena Loretta
    Lothar Louis Louise Luc Luca Lucas Lucia Luciano Lucie Lucy Ludwig Luigi Luis Luisa Lukas Luke
    Lutz Lydia Maarten Magdalena Magnus Maja Malcolm Manfred Manuel Manuela Mara Marc Marcel Marcela
    Marcelo Marcin Marco Marcos Marcus Marek Margaret Margit Maria Mariana Mariano Marie Marina
    Mario Marion Mark Marko Markus Marlene Marta Martha Martin Martina Marvin Mary Massimo Mateo
    Mathias Mathieu Mathilde Matias Matt Matteo Matthew Matthias Maurice Mauricio Mauro Max
    Maximilian Maxime Megan Mehmet Melanie Melissa Micaela Michael Michaela Michal Michel Michele
    Michelle Miguel Mikael Mike Mikhail Milena Miriam Mohamed Mohammed Moritz Muhammad Murat Mustafa
    Nadia Nadine Nancy Natalia Natalie Natasha Nathalie Nathan Neil Nestor Niamh Nicholas Nick
    Nicola Nicolas Nicole Niels Nigel Nikita Niklas Nikolai Nikolas Nils Nina Nora Norbert Norman
    Olaf Oleg Olga Oliver Olivia Olivier Omar Oscar Oskar Pablo Pamela Paola Paolo Pat Patricia
    Patricio Patrick Patrik Patrizia Paul Paula Paulo Pavel Pawel Pedro Peggy Penny Pete Peter Petra
    Phil Philip Philipp Philippe Phillip Pierre Piotr Priya Rachel Rafael Rahul Rainer Ralf Ralph
    Ramon Randy Raquel Raul Ray Raymond Rebecca Regina Reinhard Renata Renate Rene Ricardo Richard
    Rick Riccardo Rita Rob Robert Roberta Roberto Robin Rodrigo Roger Roland Rolf Ron Ronald Ronnie
    Rosa Rosemary Ross Roy Rudolf Ruth Ryan Sabine Sabrina Sally Sam Samantha Samar Samuel Sandra
    Sandrine Santiago Sara Sarah Sascha Scott Sean Sebastian Sebastien Serge Sergei Sergio Shane
    Sharon Shaun Sheila Sigrid Silke Silvia Silvio Simon Simona Simone Sofia Sofie Sonia Sonja
    Sophia Sophie Stefan Stefanie Stefano Stella Stephan Stephane Stephanie Stephen Steve Steven
    Stuart Sue Susan Susana Susanne Sven Svetlana Sylvia Sylvie Tamara Tania Tanja Tara Tatiana Ted
    Teresa Terry Theo Theodor Theresa Therese Thiago Thierry Thomas Thorsten Tiago Tim Timo Timothy
    Tina Tobias Tom Tomas Tomasz Tommy Toni Tony Torsten Tracy Trevor Ulrich Ulrike Umberto Urs
    Ursula Ute Uwe Valentina Valeria Valerie Vanessa Veronica Vicente Victor Vincent Vincenzo Viktor
    Vladimir Volker Walter Wanda Wayne Wendy Werner Wilhelm William Willy Wolfgang Xavier Yann
    Yannick Yasmin Yolanda Yusuf Yves Yvonne Zachary Zoe Александр Александра Алексей Алена Алина
    Алла Анастасия Анатолий Андрей Анна Антон Аркадий Артем Борис Вадим Валентин Валентина Валерий
    Варвара Василий Вера Виктор Виктория Виталий Владимир Владислав Вячеслав Галина Георгий Григорий
    Дарья Денис Дмитрий Евгений Евгения Екатерина Елена Елизавета Иван Игорь Илья Инна Ирина Кирилл
    Константин Ксения Лариса Лев Леонид Людмила Максим Маргарита Марина Мария Марк Михаил Надежда
    Наталья Никита Николай Оксана Олег Ольга Павел Петр Полина Роман Руслан Светлана Семен Сергей
    Станислав Степан Тамара Татьяна Тимур Федор Юлия Юрий Ярослав Андрій Дмитро Іван Ірина Микола
    Михайло Наталія Олександр Олексій Олена Сергій Тетяна
"""

_TITLES = """
    Mr Mrs Ms Mx Dr Prof Herr Frau Sr Sra Señor Señora Señorita Monsieur Madame Mme Mlle Signor
    Signora Dott Senhor Senhora Meneer Mevrouw
"""


@cache
def given_names() -> frozenset[str]:
    """Return the names, folded."""
    return frozenset(map(fold, _NAMES.split()))


@cache
def titles() -> frozenset[str]:
    """Return the titles that are written before surnames, folded."""
    return frozenset(map(fold, _TITLES.split()))
