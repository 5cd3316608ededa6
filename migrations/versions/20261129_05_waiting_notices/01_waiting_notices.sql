-- Notices that wait for a line of the bank are looked at every night.
CREATE INDEX message_outcome_awaits_line ON message_outcome (acted_at)
  WHERE details ->> 'failed_criterion' = 'bank_line';
