-- Takes those of a page off that are over. Behind sanction-page.lua. Returns the cursor of the next page, "0" at the end, and how many
-- it took off.
return {page({})}
