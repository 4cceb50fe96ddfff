#!/bin/bash
# lab help: what there is.

lab_help() {
	cat <<-'END'
		lab                    where am I, what is next
		lab doctor             can this machine do it? and what to do if not
		lab start N            make the working folder of lab N
		lab check [N[.TASK]]   build, and look what the kernel shows of it
		          [--mine]     with your own modules of the labs before it
		lab watch [N]          check again at each save
		lab hint [TASK]        a hint, then a clearer one, then nearly the line
		lab predict [N.LETTER] what will happen? answer, and see
		lab attack [N]         break out of what was just built
		lab compare [N]        yours and the reference, side by side, inside
		lab shell [N]          a shell in the guard, with your program as "stage"
		lab solution TASK      the reference's lines for one task
		lab reset N[.TASK]     begin anew; the old work is kept beside it
		lab progress           all labs, hints used, time spent
		lab grade [N] [--json|--tap|--junit]
		                       points, from a check of everything that is started
		lab class FOLDER       a class at a glance, from its "lab grade --json"
	END
}
