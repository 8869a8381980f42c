"""Common first names of many languages, without those that are places, months, firms or everyday words as well.

Data only: `names.py` takes a first name before a capitalised word for a person.
"""

from __future__ import annotations

from annotator.suggest.word_sets import word_set

FIRST_NAMES = word_set(
    """
    aaron abdul abdullah abebe abena abigail adam adela adele adrian adriana agnes agnieszka ahmad ahmed
    aida aiko ailsa aino aisha akira alan alba albert alberto alejandra alejandro aleksander aleksandr
    aleksandra alessandra alessandro alexander alexandra alexei alexis alfonso alfred alfredo ali alicia
    alina alison allison alma alvaro amadou amal amanda amara amelia amina amir amit amy ana anastasia
    anders andré andrea andreas andrei andrej andrés andrew andrzej andy angela angelika angus anil
    anita anja anna annabel anne annelies annette annie antoine anton antonia antonio anya aran arjun
    arne arthur artur arturo asha ashley astrid asuka audrey august aurélie axel aya ayesha ayumi
    barbara bartosz basma beata beatrice beatriz beatrix ben benedict benjamin benoît berit bernard
    bernardo bernd bert bertrand beth bettina bianca bilal birgit björn blanca bob bogdan boris brenda
    brian bridget bruno camila camilla carl carla carlo carlos carmen carol carolina caroline carolyn
    catalina catarina caterina catherine cathy cecilia cédric celia céline cesar chanda chantal charles
    charlotte chen cheng chidi chiara chinua chris christian christiane christina christine christoph
    christophe christopher claire clara claude claudia claudio claus clemens colin colleen conor
    constance cornelia cristian cristina cristóbal cynthia dagmar damian dan daniel daniela daniele
    danièle danuta daria dario darren dave david deborah debra deepak denise dennis derek desmond diana
    diane didier diego dieter dimitri dina dirk dmitri dmitry dominik dominique donald donna dora doris
    dorothy douglas duncan edgar edith eduardo edward edwin eero eileen eino ekaterina elaine eleanor
    elena eleni elias elif elin elisa elisabeth elise elizabeth ella ellen elsa elsie emil emilia emilio
    emily emma emmanuel enrico enrique erich eric erica erik erika erin ernesto ernst esra esteban
    esther eugene eva evan evelyn fabian fabio fadi faisal farid fatima fatmata federica federico
    felicia felipe félix ferdinand fernanda fernando filip fiona fleur flora florian franca frances
    francesca francesco francisca francisco franco françois françoise frank franz fred frederick
    frédéric frederik friedrich gabriel gabriela gabriele gareth gary gemma geoffrey georg george
    georgios gérard gerhard gertrud giacomo gianni gilbert gilles gina giorgio giovanni giulia giuseppe
    gloria gonzalo gordon graham greg gregor gregory greta guido guillaume guillermo gunnar günter
    gustav gustavo guy hana hannah hanna hannes hans harald harold harriet harry haruka haruki hassan
    hector heidi heike heinrich helen helena helene helga henri henrik henry herbert hermann hiroshi
    hisham holger hugo hussein ian ibrahim ida idris ignacio igor ikram ilona ilse ilze imran ines inès
    ingrid inga inge ioana irene irina iris irma isaac isabel isabella isabelle ishaan ismail ivan ivana
    ivo jaap jacek jack jacob jacqueline jacques jaime jakob jakub jamal james jan jana jane janet
    janice janina janne jason javier jean jeanne jeff jeffrey jelena jens jeremy jerzy jessica jesús
    jill jim jiří joachim joan joanna joão joaquín joel joey johan johann johanna johannes john jonas
    jonathan jørgen jorge josé josef joseph josephine joshua josip juan juana juha juhani julia julian
    juliana julie julien julio jürgen jussi justin justine kaja kamal kamil karel karen karim karin
    karina karl karol karolina karoline kasia kate katarina katarzyna katharina katherine kathleen
    kathryn kathy katia katja katrin kazuo keiko keith kelly kenji kenneth kerstin kevin khadija khaled
    khalid kim kirsten kjell klara klaus knut kofi kristen kristian kristina kristine krista krzysztof
    kwame kyle lars laszlo laura laure laurence laurent layla lea leah leif leila lena leo leon leonard
    leonardo leonor leticia liam lidia lieke liliana lily linda lisa lise liv livia lorenzo lotte louis
    louisa louise luc luca lucas lucia lucía lucie luciana lucy ludovic ludwig luigi luis luisa lukas
    łukasz lydia lynn maarten maciej maddalena madeleine magdalena magnus mahmoud maja malgorzata
    małgorzata manfred manuel manuela marc marcel marcela marcin marcia marco marcos marcus mareike
    marek margaret margarida margarita margot maria mariam marian mariana marianne marie marija marina
    mario marion marisa marit marius marjan mark marko markus marlene marta marten martha martin martina
    mary maryam mateo mathias mathieu mathilde mats matteo matthew matthias maureen maurice mauro
    maurizio max maxim maximilian megan mehmet mei melanie melissa meredith mia michael michaela michał
    michel michele michelle miguel mihai mika mikael mike mikhail mikko milan milena milos mina ming
    miriam miroslav mohamed mohammad mohammed moa monica monika monique moritz mosi muhammad murat
    mustafa mwila myriam nabil nadia nadine nadja naomi natalia natalie natasha nathalie nathan neil
    nelson nicholas nicola nicolas nicole niels niklas nikola nikolai nikolaus nils nina nir noah noemi
    nora norbert norma nour nuno octavio ola olaf oleg oleksandr olena olga oliver olivia olivier omar
    orhan oscar oskar oskari osman otto oumar owen pablo paloma pamela paola paolo pascal pascale
    patricia patrick patrik paul paula pauline paulina paulo pavel pedro peggy penelope per pernille
    peter petr petra petros philip philipp philippe phoebe pia pierre pieter pilar piotr priya rachel
    radek rafael raimund raj rajesh ralf ralph ramón rania raquel raúl ravi raymond rebecca regina
    reinhard renata renate rené ricardo riccardo richard rita rob robert roberta roberto robin rodrigo
    roger roland rolf roman ronald rosa rosalind rosemary roxana ruben rudolf rui ruth ryan saad sabine
    sabrina sakura salma salvatore sam samantha samir samira samuel sandra sanjay sanna santino sara
    sarah saskia satoshi scott sean sebastian sebastián selma sergei sergio serhii sheila shirin shirley
    silvia simon simona simone slavko sofía sofia sofie solveig sonia sonja sophia sophie soraya
    stanislav stefan stefania stefano stefanie steffen stella stephan stephanie stephen steve steven
    stig stuart sunita susan susana susanna susanne suzanne sven svetlana sylvia sylvie takeshi tamara
    tania tanja tariq tatiana teodor teresa tereza terry thandi theo theodore theresa thérèse thierry
    thomas thomasz tiago till tim timo timothy tobias tom tomas tomasz tomás tony tove tuva ulf ulla
    ulrich ulrike umberto ursula uwe valentina valeria valerie vanessa vera verónica veronika vicente
    victor viktor viktoria vincent vincenzo viola virginie vito vittoria vladimir volker volodymyr
    waldemar walter wang wanda wei wendy werner wiebke wilhelm willem william wim wolfgang xavier yael
    yan yannick yara yasmin yasuko yiannis yolanda yosef youssef yuki yulia yuri yusuf yves yvette
    yvonne zahra zainab zanele zdeněk zeynep ziad zofia zoe zoltán zuzana
    """
)
"""First names in small letters."""
