-- Statistics sum what they show by themselves and leave small groups out; nobody
-- asks for these totals, which do not.
DROP FUNCTION parus.credit_totals(text);
