package bm25

import "strings"

// common are the terms that say little about what is asked: articles, prepositions, pronouns and
// auxiliaries. Question words and negations are not among them: "how much" and "not" are what short
// sentences differ in. Spanish and French words that an English caller may mean (son, pour, est) are
// left out.
var common = func() map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(english + spanish + french) {
		set[stem(w)] = true
	}
	return set
}()

const english = `
a an the
of to in on at for from by with as into about up out than
and or but if so because then that this these those there
is are was were be been am being s m re ve ll d im ive
do does did have has had can could will would should may might must shall
i you he she it we they me him her us them myself yourself
my your his its our their mine yours `

const spanish = `
el la los las un una unos unas lo al del
de en con por para sobre entre desde hasta
y o e u pero que si como este esta estos estas ese esa esto eso
es era ser estar estoy estan hay he ha han
yo ella ellos ellas usted ustedes nosotros se le les me te nos
mi mis tu tus su sus nuestro nuestra `

const french = `
le la les un une des du de au aux l d
en dans avec sans sous sur chez vers entre
et ou mais si que qu ce cet cette ces ca c
sont etait etre suis ai avez avons ont j
je il elle ils elles nous vous on se me te lui leur m t s
mon ma mes ta tes sa ses notre nos votre vos leurs `
