"""The review: cases, steps, documents, complaints, judgements, ledger; and what the database itself refuses.

The triggers are written once for both engines: a condition that must hold, and what is said where it does not.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002.2"  # its second edition: stores of the first were never an office's, and are refused by a sentence
down_revision = "0001"
branch_labels = None
depends_on = None

ADD_ONLY = (
    "complaint_steps",
    "steps",
    "dossiers",
    "documents",
    "ledger",
    "roots",
    "root_heads",
    "judgements",
    "second_looks",
    "unmaskings",
    *("case_findings", "programme_sizes", "assignments", "rule_decisions", "kept_records", "draws", "samples"),
)
_ROUND = 'p.case_id = NEW.case_id AND p."round" = NEW."round"'
_ADVERSE = "('end', 'less', 'repay')"
_STOPS = "('end', 'less', 'repay', 'pause')"
# The batch that brings a step: confirmed by the same account, with this case as it now stands; lifted by a second.
_BATCH = (
    "EXISTS (SELECT 1 FROM bulk_lines l JOIN bulks b ON b.bulk_id = l.bulk_id WHERE l.case_id = {s}.case_id"
    " AND l.seq + 1 = {s}.seq AND b.actor_id = {s}.actor_id AND b.step = 'submit' AND b.confirmed_at IS NOT NULL{more})"
)
_BY_SECOND = (
    " AND b.second_id <> b.actor_id AND LENGTH(TRIM(b.second_reason)) >= 10"
    " AND EXISTS (SELECT 1 FROM users u WHERE u.user_id = b.second_id AND u.is_active"
    " AND u.role IN ('checker', 'authority'))"
)
_IN_BULK = _BATCH.format(s="NEW", more=" AND l.outcome = 'will'")
_LIFTED = _BATCH.format(s="NEW", more=" AND l.outcome = 'will'" + _BY_SECOND)
# Stops of the same account, programme and day that no second signed for, by whatever road they came.
_SUBMITTED = (
    "(SELECT COUNT(*) FROM steps s JOIN cases k ON k.case_id = s.case_id JOIN cases c ON c.case_id = NEW.case_id"
    " WHERE s.actor_id = NEW.actor_id AND s.on_day = NEW.on_day AND s.step = 'submit'"
    f" AND s.effect IN {_STOPS} AND k.programme = c.programme AND NOT {_BATCH.format(s='s', more=_BY_SECOND)}"
    + "{since})"
)
_TODAY = _SUBMITTED.format(since="")
_JUST_NOW = _SUBMITTED.format(since=" AND s.at > A_MINUTE_BEFORE")
_COUNTED_PERSONS = (
    "(SELECT z.persons FROM programme_sizes z JOIN cases c ON c.programme = z.programme"
    " WHERE c.case_id = NEW.case_id ORDER BY z.counted_at DESC LIMIT 1)"
)
_PERSONS = (
    f"COALESCE({_COUNTED_PERSONS}, (SELECT SUM(n.n) FROM case_counts n JOIN cases c ON c.programme = n.programme"
    " WHERE c.case_id = NEW.case_id))"
)
# What holds a rule: acts that were resumed, changed or annulled, more than two and more than 5 % of those signed, with
# no decision of a named person since. CROSS JOIN: the few that were reversed first, then their findings.
VIEWS = {
    "reversed_rounds": (
        "SELECT s.case_id, s.\"round\" FROM steps s WHERE s.step = 'sign' AND s.effect = 'resume'"
        ' UNION SELECT q.case_id, COALESCE(s."round", c."round") FROM complaints q'
        " JOIN cases c ON c.case_id = q.case_id LEFT JOIN steps s ON s.case_id = q.case_id AND s.seq = q.against_step"
        " WHERE q.outcome IN ('changed', 'annulled')"
    ),
    "rule_reversals": (
        "SELECT f.rule_id, COUNT(DISTINCT f.case_id) AS reversals FROM reversed_rounds g CROSS JOIN case_findings f"
        ' WHERE f.case_id = g.case_id AND f."round" = g."round" GROUP BY f.rule_id'
    ),
    "held_rules": (
        "SELECT h.rule_id, h.reversals, h.signed FROM (SELECT r.rule_id, r.reversals, (SELECT COUNT(DISTINCT f.case_id)"
        f" FROM steps s CROSS JOIN case_findings f WHERE s.step = 'sign' AND s.effect IN {_STOPS}"
        ' AND f.case_id = s.case_id AND f."round" = s."round" AND f.rule_id = r.rule_id) AS signed'
        " FROM rule_reversals r WHERE r.reversals > 2) h WHERE h.reversals > h.signed * 5 / 100 AND h.reversals >"
        " COALESCE((SELECT MAX(d.reversals) FROM rule_decisions d WHERE d.rule_id = h.rule_id AND d.goes_on), -1)"
    ),
}
STEP_MUST = (
    (
        "EXISTS (SELECT 1 FROM allowed_steps a JOIN users u ON u.user_id = NEW.actor_id AND u.role = a.role"
        ' WHERE a."before" = NEW."before" AND a.step = NEW.step AND a."after" = NEW."after"'
        " AND u.role = NEW.actor_role)",
        "no such step for this role",
    ),
    (
        "EXISTS (SELECT 1 FROM users u WHERE u.user_id = NEW.actor_id AND u.is_active AND u.unit = NEW.actor_unit)",
        "unknown actor",
    ),
    (
        'EXISTS (SELECT 1 FROM cases c WHERE c.case_id = NEW.case_id AND c.state = NEW."before"'
        ' AND c.seq + 1 = NEW.seq AND c."round" = NEW."round")',
        "the case is not at this step",
    ),
    ("LENGTH(TRIM(NEW.reason)) >= 10", "a reason is needed"),
    (
        "NOT EXISTS (SELECT 1 FROM conflicts k WHERE k.case_id = NEW.case_id AND k.user_id = NEW.actor_id)",
        "a tie bars the actor",
    ),
    (
        f"NEW.step NOT IN ('check', 'sign') OR NOT EXISTS (SELECT 1 FROM steps p WHERE {_ROUND}"
        " AND p.actor_id = NEW.actor_id AND p.step NOT IN (NEW.step, 'return'))",
        "maker, checker and signer are different people",
    ),
    (
        f"NEW.step NOT IN ('submit', 'record_signs') OR NOT EXISTS (SELECT 1 FROM steps p WHERE {_ROUND}"
        " AND p.actor_id = NEW.actor_id AND p.step IN ('check', 'sign'))",
        "maker, checker and signer are different people",
    ),
    (
        f"NEW.step <> 'check' OR NOT EXISTS (SELECT 1 FROM steps p WHERE {_ROUND}"
        " AND p.step IN ('submit', 'record_signs') AND p.actor_unit = NEW.actor_unit)",
        "the checker is of the maker's unit",
    ),
    (
        "NEW.step <> 'check' OR NOT EXISTS (SELECT 1 FROM cases c WHERE c.case_id = NEW.case_id"
        " AND c.commune = NEW.actor_unit)",
        "the checker is of the commune",
    ),
    (
        "NEW.step NOT IN ('check', 'sign', 'serve', 'put_on_payment_list', 'await_conclusion')"
        " OR EXISTS (SELECT 1 FROM cases c WHERE c.case_id = NEW.case_id AND c.effect = NEW.effect)",
        "not the act that was submitted",
    ),
    (
        "NEW.step <> 'sign' OR EXISTS (SELECT 1 FROM cases c WHERE c.case_id = NEW.case_id"
        " AND (c.law_mark = 'confirmed' OR c.law_confirmed_by IS NOT NULL))",
        "the law is not confirmed",
    ),
    ("NEW.step <> 'submit' OR NEW.effect IS NOT NULL", "an act is needed"),
    (
        "NEW.step <> 'reopen' OR NEW.\"before\" IN ('cleared', 'closed') OR EXISTS (SELECT 1 FROM complaints q"
        f" JOIN steps p ON p.case_id = q.case_id AND p.seq = q.against_step WHERE {_ROUND}"
        " AND q.outcome IN ('changed', 'annulled'))",
        "no decision of this round was changed or annulled",
    ),
    (
        "NEW.step <> 'submit' OR COALESCE(NEW.effect, '') <> 'pause' OR NEW.\"before\" = 'signs_recorded'",
        "a pause needs recorded signs",
    ),
    (
        f"NEW.step <> 'submit' OR COALESCE(NEW.effect, '') NOT IN {_ADVERSE}"
        " OR (NEW.effect = 'end' AND EXISTS (SELECT 1 FROM cases c WHERE c.case_id = NEW.case_id AND c.about_death))"
        f" OR EXISTS (SELECT 1 FROM notices p WHERE {_ROUND} AND p.served_on IS NOT NULL"
        " AND p.proof_document IS NOT NULL AND (p.replied_on IS NOT NULL OR p.reply_due < NEW.on_day))",
        "no notice was served and answered, or its time is not over",
    ),
    (
        "NEW.step <> 'submit' OR COALESCE(NEW.effect, '') <> 'end'"
        " OR NOT EXISTS (SELECT 1 FROM cases c WHERE c.case_id = NEW.case_id AND c.about_death)"
        f" OR (EXISTS (SELECT 1 FROM documents p WHERE {_ROUND} AND p.kind = 'registrar')"
        f" AND EXISTS (SELECT 1 FROM documents p WHERE {_ROUND} AND p.kind = 'commune_check'"
        " AND p.added_by <> NEW.actor_id))",
        "a death needs the registrar's answer and the commune's check",
    ),
    (
        "NEW.step NOT IN ('submit', 'check', 'sign')"
        " OR COALESCE(NEW.effect, '') NOT IN ('end', 'less', 'repay', 'pause')"
        " OR NOT EXISTS (SELECT 1 FROM complaints q WHERE q.case_id = NEW.case_id AND q.kind = 'khieu_nai'"
        " AND q.settled_on IS NULL)",
        "a complaint is open",
    ),
    (
        "NEW.step <> 'submit' OR COALESCE(NEW.effect, '') = 'refer'"
        " OR NOT EXISTS (SELECT 1 FROM cases c WHERE c.case_id = NEW.case_id AND c.refers_only)",
        "a file of the army or the police is only referred",
    ),
    (
        f"NEW.step NOT IN ('submit', 'check', 'sign') OR COALESCE(NEW.effect, '') NOT IN {_STOPS}"
        ' OR NOT EXISTS (SELECT 1 FROM case_findings f WHERE f.case_id = NEW.case_id AND f."round" = NEW."round"'
        " AND f.rule_id IN (SELECT h.rule_id FROM held_rules h))",
        "a rule of this case is held: too many of its acts were reversed",
    ),
    (
        "NEW.step <> 'put_on_payment_list' OR NOT EXISTS (SELECT 1 FROM complaints q LEFT JOIN steps p"
        " ON p.case_id = q.case_id AND p.seq = q.against_step WHERE q.case_id = NEW.case_id AND q.hold"
        ' AND q.settled_on IS NULL AND COALESCE(p."round", NEW."round") = NEW."round")',
        "its execution is held for a complaint",
    ),
    ("NEW.step <> 'await_conclusion' OR NEW.effect = 'pause'", "only a pause waits for a conclusion"),
    (
        "NEW.step NOT IN ('clear', 'close', 'withdraw') OR NOT EXISTS (SELECT 1 FROM steps p"
        " WHERE p.case_id = NEW.case_id AND p.step = 'put_on_payment_list' AND p.effect = 'pause'"
        " AND NOT EXISTS (SELECT 1 FROM steps l WHERE l.case_id = p.case_id AND l.step = p.step AND l.seq > p.seq))",
        "the payment is paused: resume, adjust or end it first",
    ),
    (
        "NEW.step <> 'submit' OR COALESCE(NEW.effect, '') <> 'resume'"
        f" OR EXISTS (SELECT 1 FROM documents p WHERE {_ROUND} AND p.kind IN ('conclusion', 'commune_check'))",
        "a resumption needs a conclusion",
    ),
    (
        f"NEW.step <> 'submit' OR COALESCE(NEW.effect, '') NOT IN {_STOPS} OR {_LIFTED} OR ({_TODAY} < 20 AND"
        f" (NOT {_IN_BULK} OR {_TODAY} < 5 * {_PERSONS} / 1000))",
        "more stops than may be submitted in a day",
    ),
    (
        f"NEW.step <> 'submit' OR COALESCE(NEW.effect, '') NOT IN {_STOPS} OR {_IN_BULK} OR {_JUST_NOW} = 0"
        f" OR {_JUST_NOW} < COALESCE(5 * {_COUNTED_PERSONS} / 1000, 20)",
        "more stops than may be submitted at once",
    ),
)
_AFTER_STEP = (
    'UPDATE cases SET state = NEW."after", seq = NEW.seq,'
    " effect = CASE WHEN NEW.step = 'submit' THEN NEW.effect"
    " WHEN NEW.step IN ('return', 'reopen') THEN NULL ELSE effect END,"
    ' "round" = "round" + CASE WHEN NEW.step = \'reopen\' THEN 1 ELSE 0 END,'
    " changed_at = NEW.at WHERE case_id = NEW.case_id"
)
COMPLAINT_STEP_MUST = (
    (
        "EXISTS (SELECT 1 FROM complaints c JOIN allowed_complaint_steps a ON a.kind = c.kind AND a.level = c.level"
        " JOIN users u ON u.user_id = NEW.actor_id AND u.role = a.role AND u.is_active"
        ' WHERE c.complaint_id = NEW.complaint_id AND a."before" = NEW."before" AND a.step = NEW.step'
        ' AND a."after" = NEW."after" AND u.role = NEW.actor_role)',
        "no such step for this role",
    ),
    (
        'EXISTS (SELECT 1 FROM complaints c WHERE c.complaint_id = NEW.complaint_id AND c.stage = NEW."before"'
        " AND c.seq + 1 = NEW.seq)",
        "the case is not at this step",
    ),
    ("LENGTH(TRIM(NEW.reason)) >= 10", "a reason is needed"),
    (
        "NOT EXISTS (SELECT 1 FROM complaints c JOIN conflicts k ON k.case_id = c.case_id"
        " WHERE c.complaint_id = NEW.complaint_id AND k.user_id IN (NEW.actor_id, COALESCE(NEW.verifier, '')))",
        "a tie bars the actor",
    ),
    ("(NEW.verifier IS NOT NULL) = (NEW.step = 'assign_verifier')", "a verifier is named by that step alone"),
    ("(NEW.hold IS NOT NULL) = (NEW.step = 'decide_hold')", "a hold is decided by that step alone"),
    ("(NEW.outcome IS NOT NULL) = (NEW.step IN ('settle', 'judge'))", "an outcome comes with a settlement"),
    (
        "NEW.step <> 'assign_verifier' OR (NEW.verifier <> NEW.actor_id AND NOT EXISTS (SELECT 1 FROM complaints c"
        " JOIN steps p ON p.case_id = c.case_id JOIN users u ON u.user_id = NEW.verifier"
        " WHERE c.complaint_id = NEW.complaint_id AND (p.actor_id = NEW.verifier"
        " OR (p.step IN ('submit', 'record_signs', 'check', 'sign') AND p.actor_unit = u.unit))))",
        "the verifier took part in the case",
    ),
    (
        "NEW.step <> 'assign_verifier' OR EXISTS (SELECT 1 FROM users u JOIN complaints c"
        " ON c.complaint_id = NEW.complaint_id WHERE u.user_id = NEW.verifier AND u.is_active"
        " AND u.unit <> COALESCE(c.commune, '') AND c.entered_by <> u.user_id)",
        "the verifier is of the commune, or entered it",
    ),
    (
        "NEW.step <> 'report' OR EXISTS (SELECT 1 FROM complaints c WHERE c.complaint_id = NEW.complaint_id"
        " AND c.verifier = NEW.actor_id)",
        "only the verifier reports",
    ),
    (
        "NEW.step <> 'settle' OR EXISTS (SELECT 1 FROM complaints c WHERE c.complaint_id = NEW.complaint_id"
        " AND c.verifier <> NEW.actor_id AND (c.kind <> 'khieu_nai' OR c.dialogue_on IS NOT NULL"
        " OR (NEW.outcome = 'annulled' AND c.level = 'first')))",
        "no dialogue was held, or the settler is the verifier",
    ),
)
_AFTER_COMPLAINT_STEP = (
    'UPDATE complaints SET stage = NEW."after", seq = NEW.seq, verifier = COALESCE(NEW.verifier, verifier),'
    " hold = COALESCE(NEW.hold, hold), outcome = COALESCE(NEW.outcome, outcome),"
    " settled_on = CASE WHEN settled_on IS NULL AND NEW.\"after\" IN ('settled', 'refused', 'transferred', 'withdrawn')"
    " THEN NEW.on_day ELSE settled_on END WHERE complaint_id = NEW.complaint_id"
)
_SET_BY_STEPS = ("stage", "seq", "verifier", "hold", "outcome", "settled_on")
_FIXED = ("kind", "case_id", "matter", "level", "previous", "against_step", "filed_on", "served_on", "settler")
NEW_COMPLAINT_MUST = (
    (
        "NEW.stage = 'received' AND NEW.seq = 0 AND NEW.verifier IS NULL AND NEW.hold IS NULL"
        " AND NEW.outcome IS NULL AND NEW.settled_on IS NULL AND NEW.accepted_on IS NULL AND NEW.dialogue_on IS NULL",
        "a complaint begins at its beginning",
    ),
    (
        "NEW.against_step IS NULL OR EXISTS (SELECT 1 FROM steps p WHERE p.case_id = NEW.case_id"
        " AND p.seq = NEW.against_step AND p.step = 'sign')",
        "it is not against a signed decision",
    ),
    ("NEW.kind <> 'to_cao' OR NEW.filer IS NULL", "who denounces is kept apart"),
)
COMPLAINT_MUST = (
    (" AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in _FIXED), "this does not change"),
    (
        "(" + " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in _SET_BY_STEPS) + ")"
        " OR (NEW.seq = OLD.seq + 1 AND EXISTS (SELECT 1 FROM complaint_steps p"
        ' WHERE p.complaint_id = NEW.complaint_id AND p.seq = NEW.seq AND p."after" = NEW.stage))',
        "how far a complaint is, is changed by a step alone",
    ),
)
_COUNTED = (*("due_on", "district", "programme", "state", "action", "direction", "office_can_settle", "is_protected"),)
_COUNTED_ANEW = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in _COUNTED)
LEDGER_MUST = (
    (
        "NEW.n = 1 + COALESCE((SELECT MAX(l.n) FROM ledger l WHERE l.chain = NEW.chain), 0)",
        "the chain does not continue",
    ),
    (
        "NEW.prev_hash = COALESCE((SELECT l.hash FROM ledger l WHERE l.chain = NEW.chain AND l.n = NEW.n - 1),"
        " '0000000000000000000000000000000000000000000000000000000000000000')",
        "the entry does not follow the one before",
    ),
)
NEW_CASE_MUST = (
    (
        "NEW.state = 'recommended' AND NEW.seq = 0 AND NEW.\"round\" = 1 AND NEW.effect IS NULL",
        "a case begins at its beginning",
    ),
)
CASE_MUST = (
    (
        '(NEW.state = OLD.state AND NEW.seq = OLD.seq AND NEW."round" = OLD."round"'
        " AND COALESCE(NEW.effect, '') = COALESCE(OLD.effect, ''))"
        ' OR EXISTS (SELECT 1 FROM steps p WHERE p.case_id = NEW.case_id AND p.seq = NEW.seq AND p."after" = NEW.state'
        " AND NEW.seq = OLD.seq + 1)",
        "where a case stands is changed by a step alone",
    ),
    (
        "NEW.case_id = OLD.case_id AND NEW.about_death = OLD.about_death AND NEW.refers_only = OLD.refers_only",
        "this does not change",
    ),
)


def upgrade() -> None:
    """Make the tables, then what guards them."""
    op.create_table(
        "allowed_steps",
        sa.Column("before", sa.String(length=30), nullable=False),
        sa.Column("step", sa.String(length=30), nullable=False),
        sa.Column("after", sa.String(length=30), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.PrimaryKeyConstraint("before", "step", "after", "role"),
    )
    op.create_table(
        "case_keys",
        sa.Column("chain", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("chain"),
    )
    op.create_table(
        "ledger",
        sa.Column("entry_no", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("chain", sa.String(length=40), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("actor_id", sa.String(length=40), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("before", sa.String(length=40), nullable=False),
        sa.Column("after", sa.String(length=40), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("entry_no"),
        sa.UniqueConstraint("chain", "n"),
    )
    op.create_table(
        "roots",
        sa.Column("root_no", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.String(length=32), nullable=False),
        sa.Column("chains", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("prev_root", sa.String(length=64), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("root_no"),
    )
    op.create_table(
        "users",
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("login", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("districts", sa.JSON(), nullable=False),
        sa.Column("communes", sa.JSON(), nullable=False),
        sa.Column("confirms_law", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.String(length=300), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_id"),
        sa.UniqueConstraint("login"),
    )
    op.create_table(
        "cases",
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("programme", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("effect", sa.String(length=20), nullable=True),
        sa.Column("run_id", sa.String(length=80), nullable=False),
        sa.Column("record_id", sa.String(length=40), nullable=False),
        sa.Column("recommendation_id", sa.String(length=40), nullable=True),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("legal_act", sa.String(length=40), nullable=True),
        sa.Column("law_mark", sa.String(length=20), nullable=False),
        sa.Column("law_confirmed_by", sa.String(length=40), nullable=True),
        sa.Column("direction", sa.String(length=10), nullable=True),
        sa.Column("dossier_no", sa.String(length=80), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("name_key", _in_bytes(), nullable=False),
        sa.Column("name_tail", _in_bytes(), nullable=False),
        sa.Column("date_of_birth", sa.String(length=10), nullable=True),
        sa.Column("national_id", sa.String(length=12), nullable=True),
        sa.Column("sex", sa.String(length=1), nullable=True),
        sa.Column("commune", sa.String(length=120), nullable=True),
        sa.Column("district", sa.String(length=120), nullable=True),
        sa.Column("monthly_amount", sa.BigInteger(), nullable=True),
        sa.Column("amount_to_clarify", sa.BigInteger(), nullable=True),
        sa.Column("missing_papers", sa.Boolean(), nullable=False),
        sa.Column("about_death", sa.Boolean(), nullable=False),
        sa.Column("vulnerable", sa.Boolean(), nullable=False),
        sa.Column("refers_only", sa.Boolean(), nullable=False),
        sa.Column("is_protected", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("office_can_settle", sa.Boolean(), nullable=False),
        sa.Column("queue_key", _in_bytes(), nullable=False),
        sa.Column("assigned_to", sa.String(length=40), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assigned_to"],
            ["users.user_id"],
        ),
        sa.ForeignKeyConstraint(
            ["law_confirmed_by"],
            ["users.user_id"],
        ),
        sa.PrimaryKeyConstraint("case_id"),
    )
    op.create_index("ix_cases_assigned", "cases", ["assigned_to", "state"], unique=False)
    op.create_index("ix_cases_national_id", "cases", ["national_id"], unique=False)
    op.create_index("ix_cases_dossier", "cases", ["dossier_no", "programme"], unique=False)
    op.create_index(
        "ix_cases_figures",
        "cases",
        [
            *("state", "district", "commune", "programme", "is_protected", "due_on", "opened_at", "direction"),
            *("amount_to_clarify", "assigned_to", "sex", "date_of_birth", "case_id", "round"),
        ],
        unique=False,
    )
    _counts()
    op.create_table(
        "root_heads",
        sa.Column("root_no", sa.Integer(), nullable=False),
        sa.Column("chain", sa.String(length=40), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["root_no"],
            ["roots.root_no"],
        ),
        sa.PrimaryKeyConstraint("root_no", "chain"),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.user_id"],
        ),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index(op.f("ix_sessions_user_id"), "sessions", ["user_id"], unique=False)
    op.create_table(
        "conflicts",
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("tie", sa.String(length=20), nullable=False),
        sa.Column("stated_by", sa.String(length=40), nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.case_id"],
        ),
        sa.ForeignKeyConstraint(
            ["stated_by"],
            ["users.user_id"],
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.user_id"],
        ),
        sa.PrimaryKeyConstraint("case_id", "user_id", "tie"),
    )
    op.create_table(
        "documents",
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=True),
        sa.Column("dated_on", sa.Date(), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("added_by", sa.String(length=40), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by"],
            ["users.user_id"],
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.case_id"],
        ),
        sa.PrimaryKeyConstraint("document_id"),
    )
    op.create_index(op.f("ix_documents_case_id"), "documents", ["case_id"], unique=False)
    op.create_table(
        "dossiers",
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.String(length=80), nullable=False),
        sa.Column("frozen", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.case_id"],
        ),
        sa.PrimaryKeyConstraint("case_id", "round"),
    )
    op.create_table(
        "judgements",
        sa.Column("judged_no", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("judgement_id", sa.String(length=40), nullable=False),
        sa.Column("left_record_id", sa.String(length=40), nullable=False),
        sa.Column("right_record_id", sa.String(length=40), nullable=False),
        sa.Column("judgement", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("judged_by", sa.String(length=40), nullable=False),
        sa.Column("judged_on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("facts_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.case_id"],
        ),
        sa.ForeignKeyConstraint(
            ["judged_by"],
            ["users.user_id"],
        ),
        sa.PrimaryKeyConstraint("judged_no"),
        sa.UniqueConstraint("judgement_id"),
    )
    op.create_index(op.f("ix_judgements_case_id"), "judgements", ["case_id"], unique=False)
    op.create_index("ix_judgements_pair", "judgements", ["left_record_id", "right_record_id"], unique=False)
    op.create_table(
        "places",
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("filter", sa.JSON(), nullable=False),
        sa.Column("case_id", sa.String(length=40), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.case_id"],
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.user_id"],
        ),
        sa.PrimaryKeyConstraint("user_id"),
    )
    op.create_table(
        "steps",
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=30), nullable=False),
        sa.Column("before", sa.String(length=30), nullable=False),
        sa.Column("after", sa.String(length=30), nullable=False),
        sa.Column("effect", sa.String(length=20), nullable=True),
        sa.Column("actor_id", sa.String(length=40), nullable=False),
        sa.Column("actor_role", sa.String(length=30), nullable=False),
        sa.Column("actor_unit", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("stated", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["users.user_id"],
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.case_id"],
        ),
        sa.PrimaryKeyConstraint("case_id", "seq"),
    )
    op.create_index("ix_steps_actor", "steps", ["actor_id", "at"], unique=False)
    op.create_index("ix_steps_day", "steps", ["actor_id", "on_day", "step", "effect"], unique=False)
    op.create_index("ix_steps_step", "steps", ["step", "before", "effect", "case_id", "round"], unique=False)
    op.create_table(
        "unmaskings",
        sa.Column("unmasking_id", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.case_id"],
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.user_id"],
        ),
        sa.PrimaryKeyConstraint("unmasking_id"),
    )
    op.create_index(op.f("ix_unmaskings_case_id"), "unmaskings", ["case_id"], unique=False)
    op.create_table(
        "unsent_reasons",
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.case_id"],
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.user_id"],
        ),
        sa.PrimaryKeyConstraint("user_id", "case_id"),
    )
    _complaint_tables()
    op.create_table(
        "notices",
        sa.Column("notice_id", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_by", sa.String(length=40), nullable=False),
        sa.Column("reply_due", sa.Date(), nullable=True),
        sa.Column("served_on", sa.Date(), nullable=True),
        sa.Column("means", sa.String(length=30), nullable=True),
        sa.Column("proof_document", sa.String(length=40), nullable=True),
        sa.Column("replied_on", sa.Date(), nullable=True),
        sa.Column("reply_document", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.case_id"],
        ),
        sa.ForeignKeyConstraint(
            ["issued_by"],
            ["users.user_id"],
        ),
        sa.ForeignKeyConstraint(
            ["proof_document"],
            ["documents.document_id"],
        ),
        sa.ForeignKeyConstraint(
            ["reply_document"],
            ["documents.document_id"],
        ),
        sa.PrimaryKeyConstraint("notice_id"),
    )
    op.create_index(op.f("ix_notices_case_id"), "notices", ["case_id"], unique=False)
    op.create_table(
        "verification_orders",
        sa.Column("order_id", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("body", sa.String(length=300), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("finding_id", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("ordered_by", sa.String(length=40), nullable=False),
        sa.Column("ordered_on", sa.Date(), nullable=False),
        sa.Column("result", sa.String(length=30), nullable=True),
        sa.Column("result_on", sa.Date(), nullable=True),
        sa.Column("result_document", sa.String(length=40), nullable=True),
        sa.Column("recorded_by", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.case_id"],
        ),
        sa.ForeignKeyConstraint(
            ["ordered_by"],
            ["users.user_id"],
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"],
            ["users.user_id"],
        ),
        sa.ForeignKeyConstraint(
            ["result_document"],
            ["documents.document_id"],
        ),
        sa.PrimaryKeyConstraint("order_id"),
    )
    op.create_index(op.f("ix_verification_orders_case_id"), "verification_orders", ["case_id"], unique=False)
    _work_in_common()
    op.execute(
        "INSERT INTO users (user_id, login, name, role, unit, districts, communes, confirms_law, password_hash,"
        " is_active, created_at, changed_at) VALUES ('system', 'system', 'hệ thống', 'system', '', '[]', '[]',"
        " FALSE, '', TRUE, '2020-01-01 00:00:00', '2020-01-01 00:00:00')"
    )
    for table in ADD_ONLY:
        _refuse_changes(table)
    _guard_steps()
    _check("ledger", "INSERT", LEDGER_MUST)
    _guard_complaints()
    _check("cases", "INSERT", NEW_CASE_MUST)
    _check("cases", "UPDATE", CASE_MUST)
    _then("cases", _count("NEW", 1))
    _then("cases", _count("OLD", -1) + "; " + _count("NEW", 1), "UPDATE", _COUNTED_ANEW)
    _refuse_deletion("cases")
    _refuse_deletion("users")


def _counts() -> None:
    """What the pages are found in, and how many cases are alike."""
    filtered = ("commune", "programme", "action", "office_can_settle", "is_protected")
    seen = ("district", "commune", "is_protected", "state", "queue_key")
    op.create_index("ix_cases_queue", "cases", ["state", "queue_key", "district", *filtered], unique=False)
    op.create_index("ix_cases_district", "cases", ["district", "state", "queue_key", *filtered], unique=False)
    op.create_index("ix_cases_place", "cases", ["district", "commune", "state", "queue_key"], unique=False)
    op.create_index("ix_cases_name", "cases", ["name_key", *seen], unique=False)
    op.create_index("ix_cases_name_tail", "cases", ["name_tail", *seen], unique=False)
    op.create_table(
        "case_counts",
        sa.Column("entry_no", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("district", sa.String(length=120), nullable=True),
        sa.Column("programme", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("direction", sa.String(length=10), nullable=True),
        sa.Column("office_can_settle", sa.Boolean(), nullable=False),
        sa.Column("is_protected", sa.Boolean(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("entry_no"),
    )


def _work_in_common() -> None:
    """Findings of a case, assignments, absences, bulk acts, second looks."""
    op.create_table(
        "case_findings",
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.String(length=40), nullable=False),
        sa.Column("rule_id", sa.String(length=60), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"]),
        sa.PrimaryKeyConstraint("case_id", "round", "finding_id"),
    )
    op.create_index("ix_case_findings_rule", "case_findings", ["rule_id", "case_id", "round"], unique=False)
    op.create_table(
        "programme_sizes",
        sa.Column("run_id", sa.String(length=80), nullable=False),
        sa.Column("programme", sa.String(length=40), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "programme"),
    )
    op.create_table(
        "assignments",
        sa.Column("assignment_id", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("from_user", sa.String(length=40), nullable=True),
        sa.Column("to_user", sa.String(length=40), nullable=False),
        sa.Column("by_user", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"]),
        sa.ForeignKeyConstraint(["from_user"], ["users.user_id"]),
        sa.ForeignKeyConstraint(["to_user"], ["users.user_id"]),
        sa.ForeignKeyConstraint(["by_user"], ["users.user_id"]),
        sa.PrimaryKeyConstraint("assignment_id"),
    )
    op.create_index("ix_assignments_case_id", "assignments", ["case_id"], unique=False)
    op.create_table(
        "absences",
        sa.Column("absence_id", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("deputy_id", sa.String(length=40), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.Column("stated_by", sa.String(length=40), nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"]),
        sa.ForeignKeyConstraint(["deputy_id"], ["users.user_id"]),
        sa.ForeignKeyConstraint(["stated_by"], ["users.user_id"]),
        sa.PrimaryKeyConstraint("absence_id"),
    )
    op.create_index("ix_absences_deputy_id", "absences", ["deputy_id"], unique=False)
    op.create_index("ix_absences_user_id", "absences", ["user_id"], unique=False)
    op.create_table(
        "bulks",
        sa.Column("bulk_id", sa.String(length=40), nullable=False),
        sa.Column("actor_id", sa.String(length=40), nullable=False),
        sa.Column("step", sa.String(length=30), nullable=False),
        sa.Column("stated", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("second_id", sa.String(length=40), nullable=True),
        sa.Column("second_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["users.user_id"]),
        sa.ForeignKeyConstraint(["second_id"], ["users.user_id"]),
        sa.PrimaryKeyConstraint("bulk_id"),
    )
    op.create_table(
        "bulk_lines",
        sa.Column("bulk_id", sa.String(length=40), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("stated", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["bulk_id"], ["bulks.bulk_id"]),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"]),
        sa.PrimaryKeyConstraint("bulk_id", "n"),
    )
    op.create_index("ix_bulk_lines_case", "bulk_lines", ["case_id"], unique=False)
    op.create_table(
        "rule_decisions",
        sa.Column("decision_id", sa.String(length=40), nullable=False),
        sa.Column("rule_id", sa.String(length=60), nullable=False),
        sa.Column("reversals", sa.Integer(), nullable=False),
        sa.Column("goes_on", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.String(length=40), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["decided_by"], ["users.user_id"]),
        sa.PrimaryKeyConstraint("decision_id"),
    )
    op.create_index("ix_rule_decisions_rule_id", "rule_decisions", ["rule_id"], unique=False)
    op.create_table(
        "kept_records",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("record_id", sa.String(length=40), nullable=False),
        sa.Column("run_id", sa.String(length=80), nullable=False),
        sa.Column("programme", sa.String(length=40), nullable=False),
        sa.Column("frozen", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("month", "record_id"),
    )
    op.create_table(
        "draws",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("drawn_by", sa.String(length=40), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["drawn_by"], ["users.user_id"]),
        sa.PrimaryKeyConstraint("month"),
    )
    op.create_table(
        "samples",
        sa.Column("look_id", sa.String(length=40), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("stratum", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.String(length=40), nullable=True),
        sa.Column("round", sa.Integer(), nullable=True),
        sa.Column("record_id", sa.String(length=40), nullable=False),
        sa.Column("programme", sa.String(length=40), nullable=False),
        sa.Column("district", sa.String(length=120), nullable=True),
        sa.Column("commune", sa.String(length=120), nullable=True),
        sa.Column("sex", sa.String(length=1), nullable=True),
        sa.Column("date_of_birth", sa.String(length=10), nullable=True),
        sa.Column("missing_papers", sa.Boolean(), nullable=False),
        sa.Column("rule_ids", sa.Text(), nullable=False),
        sa.Column("first_verdict", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["month"], ["draws.month"]),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"]),
        sa.PrimaryKeyConstraint("look_id"),
    )
    op.create_index("ix_samples_case", "samples", ["case_id", "round"], unique=False)
    op.create_index("ix_samples_month", "samples", ["month"], unique=False)
    op.create_table(
        "second_looks",
        sa.Column("look_id", sa.String(length=40), nullable=False),
        sa.Column("looked_by", sa.String(length=40), nullable=False),
        sa.Column("looked_on", sa.Date(), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["look_id"], ["samples.look_id"]),
        sa.ForeignKeyConstraint(["looked_by"], ["users.user_id"]),
        sa.PrimaryKeyConstraint("look_id"),
    )


def _complaint_tables() -> None:
    op.create_table(
        "complaints",
        sa.Column("complaint_id", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=40), nullable=True),
        sa.Column("matter", sa.String(length=40), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("previous", sa.String(length=40), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("against_step", sa.Integer(), nullable=True),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("via", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("filer", sa.String(length=200), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("bodies", sa.JSON(), nullable=False),
        sa.Column("commune", sa.String(length=120), nullable=True),
        sa.Column("district", sa.String(length=120), nullable=True),
        sa.Column("is_remote", sa.Boolean(), nullable=False),
        sa.Column("is_complex", sa.Boolean(), nullable=False),
        sa.Column("served_on", sa.Date(), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("hold", sa.Boolean(), nullable=True),
        sa.Column("settler", sa.String(length=300), nullable=False),
        sa.Column("verifier", sa.String(length=40), nullable=True),
        sa.Column("dialogue_on", sa.Date(), nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(length=30), nullable=True),
        sa.Column("result_served_on", sa.Date(), nullable=True),
        sa.Column("entered_by", sa.String(length=40), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"]),
        sa.ForeignKeyConstraint(["previous"], ["complaints.complaint_id"]),
        sa.ForeignKeyConstraint(["entered_by"], ["users.user_id"]),
        sa.ForeignKeyConstraint(["verifier"], ["users.user_id"]),
        sa.PrimaryKeyConstraint("complaint_id"),
    )
    op.create_index(op.f("ix_complaints_case_id"), "complaints", ["case_id"], unique=False)
    op.create_index("ix_complaints_due", "complaints", ["stage", "due_on"], unique=False)
    op.create_index("ix_complaints_matter", "complaints", ["matter"], unique=False)
    op.create_index("ix_complaints_outcome", "complaints", ["outcome", "case_id"], unique=False)
    op.create_table(
        "complaint_steps",
        sa.Column("complaint_id", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=30), nullable=False),
        sa.Column("before", sa.String(length=20), nullable=False),
        sa.Column("after", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.String(length=40), nullable=False),
        sa.Column("actor_role", sa.String(length=30), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("stated", sa.JSON(), nullable=False),
        sa.Column("verifier", sa.String(length=40), nullable=True),
        sa.Column("hold", sa.Boolean(), nullable=True),
        sa.Column("outcome", sa.String(length=30), nullable=True),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.complaint_id"]),
        sa.ForeignKeyConstraint(["actor_id"], ["users.user_id"]),
        sa.ForeignKeyConstraint(["verifier"], ["users.user_id"]),
        sa.PrimaryKeyConstraint("complaint_id", "seq"),
    )
    op.create_table(
        "reporters",
        sa.Column("complaint_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("contact", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.complaint_id"]),
        sa.PrimaryKeyConstraint("complaint_id"),
    )
    op.create_table(
        "allowed_complaint_steps",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("before", sa.String(length=20), nullable=False),
        sa.Column("step", sa.String(length=30), nullable=False),
        sa.Column("after", sa.String(length=20), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.PrimaryKeyConstraint("kind", "level", "before", "step", "after", "role"),
    )


def _guard_steps() -> None:
    for name, query in VIEWS.items():
        op.execute(f"CREATE VIEW {name} AS {query}")
    minute_before = "NEW.at - INTERVAL '1 minute'" if _is_postgresql() else "DATETIME(NEW.at, '-1 minute')"
    must = tuple((condition.replace("A_MINUTE_BEFORE", minute_before), said) for condition, said in STEP_MUST)
    _check("steps", "INSERT", must)
    _then("steps", _AFTER_STEP)


def _guard_complaints() -> None:
    _check("complaint_steps", "INSERT", COMPLAINT_STEP_MUST)
    _then("complaint_steps", _AFTER_COMPLAINT_STEP)
    _check("complaints", "INSERT", NEW_COMPLAINT_MUST)
    _check("complaints", "UPDATE", COMPLAINT_MUST)
    _refuse_deletion("complaints")


def downgrade() -> None:
    """Drop what upgrade made, with all that officers did."""
    if _is_postgresql():
        tables = sa.inspect(op.get_bind()).get_table_names()
        op.execute("DROP TABLE " + ", ".join(t for t in tables if t not in ("runs", "alembic_version")) + " CASCADE")
        op.execute(
            "DO $$ DECLARE f record; BEGIN FOR f IN SELECT p.oid::regprocedure AS name FROM pg_proc p"
            " WHERE p.proname LIKE 'ea_%' AND p.pronamespace = current_schema()::regnamespace"
            " LOOP EXECUTE 'DROP FUNCTION ' || f.name; END LOOP; END $$"
        )
        return
    for name in reversed(VIEWS):
        op.execute(f"DROP VIEW {name}")
    made = sa.MetaData()
    made.reflect(op.get_bind())
    for table in reversed(made.sorted_tables):
        if table.name not in ("runs", "alembic_version"):
            op.drop_table(table.name)


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _check(table: str, event: str, must: tuple[tuple[str, str], ...]) -> None:
    """Refuse a row for which a condition does not hold. NULL is not true: it is refused, too."""
    if _is_postgresql():
        body = "".join(
            f"IF ({condition}) IS NOT TRUE THEN RAISE EXCEPTION 'ea: {_quoted(said)}'; END IF; "
            for condition, said in must
        )
        _function(f"ea_{table}_{event.lower()}", body + "RETURN NEW;", table, f"BEFORE {event}")
        return
    for number, (condition, said) in enumerate(must):
        op.execute(
            f"CREATE TRIGGER ea_{table}_{event.lower()}_{number} BEFORE {event} ON {table} "
            f"WHEN COALESCE(({condition}), 0) = 0 BEGIN SELECT RAISE(ABORT, 'ea: {_quoted(said)}'); END"
        )


def _then(table: str, statement: str, event: str = "INSERT", when: str = "") -> None:
    name = f"ea_{table}_after" + ("" if event == "INSERT" else f"_{event.lower()}")
    if _is_postgresql():
        body = f"IF {when} THEN {statement}; END IF; RETURN NULL;" if when else f"{statement}; RETURN NULL;"
        _function(name, body, table, f"AFTER {event}")
        return
    condition = f" WHEN {when}" if when else ""
    op.execute(f"CREATE TRIGGER {name} AFTER {event} ON {table}{condition} BEGIN {statement}; END")


def _count(row: str, by: int) -> str:
    values = ", ".join(f"{row}.{name}" for name in _COUNTED)
    return f"INSERT INTO case_counts ({', '.join(_COUNTED)}, n) VALUES ({values}, {by})"


def _in_bytes() -> sa.String:
    """Text in the order of its bytes, in which a beginning is a range of an index."""
    return sa.String(length=200, collation="C") if _is_postgresql() else sa.String(length=200)


def _refuse_changes(table: str) -> None:
    _refuse(table, "UPDATE")
    _refuse_deletion(table)


def _refuse_deletion(table: str) -> None:
    _refuse(table, "DELETE")


def _refuse(table: str, event: str) -> None:
    if _is_postgresql():
        _function(
            f"ea_{table}_no_{event.lower()}",
            "RAISE EXCEPTION 'ea: history is only added to';",
            table,
            f"BEFORE {event}",
        )
        return
    op.execute(
        f"CREATE TRIGGER ea_{table}_no_{event.lower()} BEFORE {event} ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'ea: history is only added to'); END"
    )


def _function(name: str, body: str, table: str, moment: str) -> None:
    """A trigger with the rights of the store's owner: the application itself may not move a case."""
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT "
        f"AS $ea$ BEGIN {body} END $ea$"
    )
    op.execute(f"CREATE TRIGGER {name} {moment} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")


def _quoted(text: str) -> str:
    return text.replace("'", "''")
