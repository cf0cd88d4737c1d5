-- Reasons for and against a credit policy name nobody, as other texts that people write.
ALTER TABLE parus.policy_proposal ADD CONSTRAINT names_nobody CHECK (parus.harmless(why));
ALTER TABLE parus.policy_verdict ADD CONSTRAINT names_nobody CHECK (parus.harmless(why));
