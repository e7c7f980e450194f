-- Lets those go whose grace is over, a hundred at a time. Behind presence.lua. Returns in how many ms the next is due, -1
-- where nobody is leaving.
departDue(100)
return {nextDue()}
