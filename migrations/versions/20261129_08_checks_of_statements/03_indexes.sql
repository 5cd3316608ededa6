-- Most rows reverse nothing, come from no gateway and hold no money of their own: they need no
-- place in an index over that.
DROP INDEX application_reversed_once;
CREATE UNIQUE INDEX application_reversed_once ON application (reverses) WHERE reverses IS NOT NULL;
DROP INDEX match_group_reversed_once;
CREATE UNIQUE INDEX match_group_reversed_once ON match_group (reverses) WHERE reverses IS NOT NULL;
DROP INDEX money_endpoint_transaction;
CREATE INDEX money_endpoint_transaction ON money (endpoint_id, provider_transaction)
  WHERE endpoint_id IS NOT NULL;
DROP INDEX item_money;
CREATE INDEX item_money ON item (money_id) WHERE money_id IS NOT NULL;
