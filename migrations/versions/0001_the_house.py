"""the house"""

import sqlalchemy as sa
from alembic import op
import core.schema

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('dispatchers',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('lanes', core.schema.JSONText(), nullable=False),
    sa.Column('until', core.schema.UTCDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_dispatchers'))
    )
    op.create_table('idempotency_keys',
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('request', sa.Text(), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('status', sa.SmallInteger(), nullable=True),
    sa.Column('response', sa.Text(), nullable=True),
    sa.Column('at', core.schema.UTCDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('actor', 'key', name=op.f('pk_idempotency_keys'))
    )
    with op.batch_alter_table('idempotency_keys', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_idempotency_keys_at'), ['at'], unique=False)

    op.create_table('kept_settings',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('value', core.schema.JSONText(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_kept_settings'))
    )
    op.create_table('lanes',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('broken_since', core.schema.UTCDateTime(), nullable=True),
    sa.Column('broken_reason', sa.Text(), nullable=True),
    sa.Column('alarmed_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('paused_until', core.schema.UTCDateTime(), nullable=True),
    sa.Column('paused_reason', sa.Text(), nullable=True),
    sa.Column('tripped_since', core.schema.UTCDateTime(), nullable=True),
    sa.Column('sends_per_second', sa.Float(), nullable=True),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_lanes'))
    )
    op.create_table('leases',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('owner', sa.Text(), nullable=False),
    sa.Column('until', core.schema.UTCDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_leases'))
    )
    op.create_table('model_days',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('calls', sa.Integer(), nullable=False),
    sa.Column('tokens', sa.Integer(), nullable=False),
    sa.Column('unused', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_model_days'))
    )
    op.create_table('quarantine',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('account', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('error', sa.Text(), nullable=False),
    sa.Column('traceback', sa.Text(), nullable=False),
    sa.Column('at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('replayed_at', core.schema.UTCDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quarantine'))
    )
    op.create_table('seen_events',
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_seen_events')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('seen_events', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_seen_events_at'), ['at'], unique=False)

    op.create_table('ticks',
    sa.Column('job', sa.Text(), nullable=False),
    sa.Column('scheduled_at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('claimed_at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('claimed_by', sa.Text(), nullable=False),
    sa.Column('finished_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('outcome', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('job', 'scheduled_at', name=op.f('pk_ticks'))
    )
    with op.batch_alter_table('ticks', schema=None) as batch_op:
        batch_op.create_index('ix_ticks_claimed', ['claimed_at'], unique=False)

    op.create_table('units',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('parent_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('path', sa.Text(), nullable=False),
    sa.Column('time_zone', sa.Text(), nullable=False),
    sa.Column('country', sa.Text(), nullable=False),
    sa.Column('contact_name', sa.Text(), server_default='', nullable=False),
    sa.Column('contact_phone', sa.Text(), server_default='', nullable=False),
    sa.Column('latitude', sa.Float(), nullable=True),
    sa.Column('longitude', sa.Float(), nullable=True),
    sa.Column('hours', sa.Text(), server_default='', nullable=False),
    sa.Column('holidays', sa.Text(), server_default='', nullable=False),
    sa.Column('closed_on', core.schema.JSONText(), server_default='[]', nullable=False),
    sa.CheckConstraint("(kind = 'client' OR kind = 'cluster' OR kind = 'branch')", name=op.f('ck_units_kind')),
    sa.ForeignKeyConstraint(['parent_id'], ['units.id'], name=op.f('fk_units_parent_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_units')),
    sa.UniqueConstraint('client_id', 'code', name=op.f('uq_units_client_id_code'))
    )
    with op.batch_alter_table('units', schema=None) as batch_op:
        batch_op.create_index('ix_units_parent', ['parent_id'], unique=False)
        batch_op.create_index('ix_units_path', ['path'], unique=False)
        batch_op.create_index('uq_units_client_code', ['code'], unique=True, sqlite_where=sa.text("kind = 'client'"), postgresql_where=sa.text("kind = 'client'"))

    op.create_table('answers',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('enabled', sa.Boolean(), server_default=sa.text('(true)'), nullable=False),
    sa.Column('source', sa.Text(), server_default='', nullable=False),
    sa.Column('uses', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('last_used_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('created_at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('updated_at', core.schema.UTCDateTime(), nullable=False),
    sa.CheckConstraint("(kind = 'pattern' OR kind = 'article')", name=op.f('ck_answers_kind')),
    sa.CheckConstraint("(language = 'en' OR language = 'de' OR language = 'es')", name=op.f('ck_answers_language')),
    sa.ForeignKeyConstraint(['client_id'], ['units.id'], name=op.f('fk_answers_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answers')),
    sa.UniqueConstraint('client_id', 'kind', 'language', 'question', name=op.f('uq_answers_client_id_kind_language_question'))
    )
    op.create_table('approval_limits',
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('below', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_approval_limits_unit_id')),
    sa.PrimaryKeyConstraint('unit_id', name=op.f('pk_approval_limits'))
    )
    op.create_table('boards',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('team', sa.Text(), server_default='', nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('account', sa.Text(), server_default='default', nullable=False),
    sa.Column('chat', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_boards_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_boards')),
    sa.UniqueConstraint('unit_id', 'team', name=op.f('uq_boards_unit_id_team'))
    )
    op.create_table('climbs',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('subject_kind', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.Text(), nullable=False),
    sa.Column('steps', core.schema.JSONText(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('started_at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('due_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('state', sa.Text(), nullable=False),
    sa.CheckConstraint("(state = 'running' OR state = 'stopped' OR state = 'exhausted')", name=op.f('ck_climbs_state')),
    sa.ForeignKeyConstraint(['client_id'], ['units.id'], name=op.f('fk_climbs_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_climbs')),
    sa.UniqueConstraint('subject_kind', 'subject_id', 'purpose', name=op.f('uq_climbs_subject_kind_subject_id_purpose'))
    )
    with op.batch_alter_table('climbs', schema=None) as batch_op:
        batch_op.create_index('ix_climbs_due', ['due_at'], unique=False, sqlite_where=sa.text("state = 'running'"), postgresql_where=sa.text("state = 'running'"))

    op.create_table('courses',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['units.id'], name=op.f('fk_courses_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_courses')),
    sa.UniqueConstraint('client_id', 'code', name=op.f('uq_courses_client_id_code'))
    )
    op.create_table('customers',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('phone', sa.Text(), server_default='', nullable=False),
    sa.Column('tier', sa.Text(), server_default='', nullable=False),
    sa.Column('stage', sa.Text(), server_default='new', nullable=False),
    sa.Column('customer_since', sa.Date(), nullable=True),
    sa.Column('yearly_value', sa.BigInteger(), nullable=True),
    sa.Column('currency', sa.Text(), server_default='', nullable=False),
    sa.Column('language', sa.Text(), server_default='en', nullable=False),
    sa.Column('merged_into', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("(stage = 'new' OR stage = 'qualifying' OR stage = 'nurturing' OR stage = 'escalated' OR stage = 'booked' OR stage = 'lost')", name=op.f('ck_customers_stage')),
    sa.ForeignKeyConstraint(['client_id'], ['units.id'], name=op.f('fk_customers_client_id')),
    sa.ForeignKeyConstraint(['merged_into'], ['customers.id'], name=op.f('fk_customers_merged_into')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_customers')),
    sa.UniqueConstraint('client_id', 'code', name=op.f('uq_customers_client_id_code'))
    )
    op.create_table('documents',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Text(), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('stems', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['units.id'], name=op.f('fk_documents_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_documents')),
    sa.UniqueConstraint('kind', 'subject_id', name=op.f('uq_documents_kind_subject_id'))
    )
    op.create_table('employees',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['units.id'], name=op.f('fk_employees_client_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_employees_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_employees')),
    sa.UniqueConstraint('client_id', 'key', name=op.f('uq_employees_client_id_key'))
    )
    op.create_table('escalation_rule_sets',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('rules', sa.Text(), nullable=False),
    sa.Column('changes', core.schema.JSONText(), nullable=False),
    sa.Column('changed_by', sa.Text(), nullable=False),
    sa.Column('created_at', core.schema.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['units.id'], name=op.f('fk_escalation_rule_sets_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_escalation_rule_sets')),
    sa.UniqueConstraint('client_id', 'number', name=op.f('uq_escalation_rule_sets_client_id_number'))
    )
    op.create_table('events',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('subject_kind', sa.Text(), nullable=True),
    sa.Column('subject_id', sa.Integer(), nullable=True),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('actor_kind', sa.Text(), nullable=False),
    sa.Column('actor_name', sa.Text(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('via', sa.Text(), nullable=False),
    sa.Column('data', core.schema.JSONText(), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['units.id'], name=op.f('fk_events_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_events'))
    )
    with op.batch_alter_table('events', schema=None) as batch_op:
        batch_op.create_index('ix_events_client', ['client_id', 'at'], unique=False)
        batch_op.create_index('ix_events_person', ['person_id', 'at'], unique=False, sqlite_where=sa.text('person_id IS NOT NULL'), postgresql_where=sa.text('person_id IS NOT NULL'))
        batch_op.create_index('ix_events_subject', ['subject_kind', 'subject_id'], unique=False)

    op.create_table('issue_categories',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['units.id'], name=op.f('fk_issue_categories_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_issue_categories')),
    sa.UniqueConstraint('client_id', 'code', name=op.f('uq_issue_categories_client_id_code'))
    )
    op.create_table('media',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('account', sa.Text(), nullable=False),
    sa.Column('file_id', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('digest', sa.Text(), nullable=True),
    sa.Column('mime', sa.Text(), nullable=True),
    sa.Column('name', sa.Text(), nullable=True),
    sa.Column('attempts', sa.SmallInteger(), nullable=False),
    sa.Column('next_attempt_at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('created_at', core.schema.UTCDateTime(), nullable=False),
    sa.CheckConstraint("(state = 'pending' OR state = 'stored' OR state = 'failed')", name=op.f('ck_media_state')),
    sa.ForeignKeyConstraint(['client_id'], ['units.id'], name=op.f('fk_media_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_media'))
    )
    with op.batch_alter_table('media', schema=None) as batch_op:
        batch_op.create_index('ix_media_due', ['next_attempt_at'], unique=False, sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))

    op.create_table('parts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('code_key', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('name_key', sa.Text(), nullable=False),
    sa.Column('unit_cost', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('unit_cost >= 0', name=op.f('ck_parts_unit_cost')),
    sa.ForeignKeyConstraint(['client_id'], ['units.id'], name=op.f('fk_parts_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_parts')),
    sa.UniqueConstraint('client_id', 'code_key', name=op.f('uq_parts_client_id_code_key'))
    )
    with op.batch_alter_table('parts', schema=None) as batch_op:
        batch_op.create_index('ix_parts_name', ['client_id', 'name_key'], unique=False)

    op.create_table('persons',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('phone', sa.Text(), server_default='', nullable=False),
    sa.Column('email', sa.Text(), server_default='', nullable=False),
    sa.Column('status', sa.Text(), server_default='active', nullable=False),
    sa.Column('language', sa.Text(), server_default='en', nullable=False),
    sa.Column('time_zone', sa.Text(), server_default='', nullable=False),
    sa.Column('team', sa.Text(), server_default='', nullable=False),
    sa.Column('skills', core.schema.JSONText(), server_default='[]', nullable=False),
    sa.Column('quiet_from', sa.Text(), server_default='', nullable=False),
    sa.Column('quiet_until', sa.Text(), server_default='', nullable=False),
    sa.Column('hours', sa.Text(), server_default='', nullable=False),
    sa.Column('holidays', sa.Text(), server_default='', nullable=False),
    sa.Column('closed_on', core.schema.JSONText(), server_default='[]', nullable=False),
    sa.Column('bundling', core.schema.JSONText(), server_default='{}', nullable=False),
    sa.Column('latitude', sa.Float(), nullable=True),
    sa.Column('longitude', sa.Float(), nullable=True),
    sa.Column('located_at', core.schema.UTCDateTime(), nullable=True),
    sa.CheckConstraint("(status = 'active' OR status = 'inactive' OR status = 'on_leave')", name=op.f('ck_persons_status')),
    sa.ForeignKeyConstraint(['client_id'], ['units.id'], name=op.f('fk_persons_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_persons')),
    sa.UniqueConstraint('client_id', 'code', name=op.f('uq_persons_client_id_code'))
    )
    op.create_table('policies',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('steps', core.schema.JSONText(), nullable=False),
    sa.Column('changes', core.schema.JSONText(), nullable=False),
    sa.Column('changed_by', sa.Text(), nullable=False),
    sa.Column('created_at', core.schema.UTCDateTime(), nullable=False),
    sa.CheckConstraint("(state = 'own' OR state = 'house' OR state = 'removed')", name=op.f('ck_policies_state')),
    sa.ForeignKeyConstraint(['client_id'], ['units.id'], name=op.f('fk_policies_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_policies')),
    sa.UniqueConstraint('client_id', 'kind', 'code', 'number', name=op.f('uq_policies_client_id_kind_code_number'))
    )
    op.create_table('ticket_counters',
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('month', sa.Text(), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['units.id'], name=op.f('fk_ticket_counters_client_id')),
    sa.PrimaryKeyConstraint('client_id', 'month', name=op.f('pk_ticket_counters'))
    )
    op.create_table('training_imports',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('source_at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('imported_at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('imported_by', sa.Text(), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('columns', core.schema.JSONText(), nullable=False),
    sa.Column('is_whole', sa.Boolean(), nullable=False),
    sa.Column('added', sa.Integer(), nullable=False),
    sa.Column('changed', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['units.id'], name=op.f('fk_training_imports_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_imports'))
    )
    with op.batch_alter_table('training_imports', schema=None) as batch_op:
        batch_op.create_index('ix_training_imports_client', ['client_id', 'id'], unique=False)

    op.create_table('training_intake',
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('line', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('course_id', sa.Integer(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('completed_on', sa.Date(), nullable=True),
    sa.Column('waived_on', sa.Date(), nullable=True),
    sa.Column('extended_to', sa.Date(), nullable=True),
    sa.Column('employee_id', sa.Integer(), nullable=True),
    sa.Column('assignment_id', sa.Integer(), nullable=True),
    sa.Column('is_renamed', sa.Boolean(), server_default=sa.text('(false)'), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['units.id'], name=op.f('fk_training_intake_client_id')),
    sa.PrimaryKeyConstraint('client_id', 'line', name=op.f('pk_training_intake'))
    )
    with op.batch_alter_table('training_intake', schema=None) as batch_op:
        batch_op.create_index('ix_training_intake_key', ['client_id', 'key', 'course_id'], unique=False)

    op.create_table('training_policies',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('levels', core.schema.JSONText(), nullable=False),
    sa.Column('critical_from', sa.SmallInteger(), nullable=False),
    sa.Column('counts', sa.Text(), nullable=False),
    sa.Column('created_at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('created_by', sa.Text(), nullable=False),
    sa.CheckConstraint("(counts = 'calendar' OR counts = 'working')", name=op.f('ck_training_policies_counts')),
    sa.ForeignKeyConstraint(['client_id'], ['units.id'], name=op.f('fk_training_policies_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_policies'))
    )
    with op.batch_alter_table('training_policies', schema=None) as batch_op:
        batch_op.create_index('ix_training_policies_client', ['client_id', 'id'], unique=False)

    op.create_table('webhooks',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('secret', sa.Text(), nullable=False),
    sa.Column('kinds', core.schema.JSONText(), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('enabled', sa.Boolean(), nullable=False),
    sa.Column('created_at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('created_by', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['units.id'], name=op.f('fk_webhooks_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhooks'))
    )
    with op.batch_alter_table('webhooks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_webhooks_client_id'), ['client_id'], unique=False)

    op.create_table('achievements',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('at', core.schema.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_achievements_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_achievements')),
    sa.UniqueConstraint('person_id', 'code', name=op.f('uq_achievements_person_id_code'))
    )
    op.create_table('bundle_windows',
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('account', sa.Text(), nullable=False),
    sa.Column('chat', sa.Text(), nullable=False),
    sa.Column('digest_key', sa.Text(), nullable=False),
    sa.Column('ends_at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('said', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_bundle_windows_person_id')),
    sa.PrimaryKeyConstraint('person_id', 'channel', 'account', 'chat', 'digest_key', name=op.f('pk_bundle_windows'))
    )
    op.create_table('contact_methods',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('account', sa.Text(), server_default='default', nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('alias', sa.Text(), nullable=True),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('verified_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('last_inbound_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('unreachable_since', core.schema.UTCDateTime(), nullable=True),
    sa.Column('unreachable_reason', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_contact_methods_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_methods')),
    sa.UniqueConstraint('channel', 'account', 'address', name=op.f('uq_contact_methods_channel_account_address')),
    sa.UniqueConstraint('channel', 'account', 'alias', name=op.f('uq_contact_methods_channel_account_alias'))
    )
    with op.batch_alter_table('contact_methods', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contact_methods_person_id'), ['person_id'], unique=False)

    op.create_table('conversations',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('customer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('account', sa.Text(), nullable=False),
    sa.Column('chat', sa.Text(), nullable=False),
    sa.Column('led_by', sa.Text(), nullable=False),
    sa.Column('last_inbound_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('unanswered_since', core.schema.UTCDateTime(), nullable=True),
    sa.Column('offered_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('answer_due_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('created_at', core.schema.UTCDateTime(), nullable=False),
    sa.CheckConstraint("(led_by = 'assistant' OR led_by = 'human')", name=op.f('ck_conversations_led_by')),
    sa.CheckConstraint("led_by = 'assistant' OR (unanswered_since IS NULL AND answer_due_at IS NULL)", name=op.f('ck_conversations_silent')),
    sa.ForeignKeyConstraint(['client_id'], ['units.id'], name=op.f('fk_conversations_client_id')),
    sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_conversations_customer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conversations')),
    sa.UniqueConstraint('customer_id', 'channel', 'account', name=op.f('uq_conversations_customer_id_channel_account'))
    )
    with op.batch_alter_table('conversations', schema=None) as batch_op:
        batch_op.create_index('ix_conversations_answer_due', ['answer_due_at'], unique=False, sqlite_where=sa.text('answer_due_at IS NOT NULL'), postgresql_where=sa.text('answer_due_at IS NOT NULL'))
        batch_op.create_index('ix_conversations_chat', ['chat'], unique=False)
        batch_op.create_index('ix_conversations_unanswered', ['unanswered_since'], unique=False, sqlite_where=sa.text('unanswered_since IS NOT NULL'), postgresql_where=sa.text('unanswered_since IS NOT NULL'))

    op.create_table('customer_addresses',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('customer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['units.id'], name=op.f('fk_customer_addresses_client_id')),
    sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_customer_addresses_customer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_customer_addresses')),
    sa.UniqueConstraint('client_id', 'channel', 'address', name=op.f('uq_customer_addresses_client_id_channel_address'))
    )
    with op.batch_alter_table('customer_addresses', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_customer_addresses_customer_id'), ['customer_id'], unique=False)

    op.create_table('dialogs',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('chat', sa.Text(), nullable=False),
    sa.Column('verb', sa.Text(), nullable=False),
    sa.Column('answers', core.schema.JSONText(), nullable=False),
    sa.Column('updated_at', core.schema.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_dialogs_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dialogs')),
    sa.UniqueConstraint('person_id', 'channel', 'chat', name=op.f('uq_dialogs_person_id_channel_chat'))
    )
    op.create_table('employee_leaves',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('employee_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=False),
    sa.Column('said_by', sa.Text(), nullable=False),
    sa.Column('created_at', core.schema.UTCDateTime(), nullable=False),
    sa.CheckConstraint('from_on <= until_on', name=op.f('ck_employee_leaves_order')),
    sa.ForeignKeyConstraint(['employee_id'], ['employees.id'], name=op.f('fk_employee_leaves_employee_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_employee_leaves')),
    sa.UniqueConstraint('employee_id', 'from_on', name=op.f('uq_employee_leaves_employee_id_from_on'))
    )
    op.create_table('issue_subcategories',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('category_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('response_minutes', core.schema.JSONText(), nullable=False),
    sa.Column('resolution_minutes', core.schema.JSONText(), nullable=False),
    sa.Column('usual_priority', sa.SmallInteger(), server_default='2', nullable=False),
    sa.Column('skill', sa.Text(), server_default='', nullable=False),
    sa.Column('words', core.schema.JSONText(), server_default='[]', nullable=False),
    sa.Column('retired', sa.Boolean(), server_default=sa.text('(false)'), nullable=False),
    sa.CheckConstraint('usual_priority BETWEEN 0 AND 3', name=op.f('ck_issue_subcategories_usual_priority')),
    sa.ForeignKeyConstraint(['category_id'], ['issue_categories.id'], name=op.f('fk_issue_subcategories_category_id')),
    sa.ForeignKeyConstraint(['client_id'], ['units.id'], name=op.f('fk_issue_subcategories_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_issue_subcategories')),
    sa.UniqueConstraint('client_id', 'code', name=op.f('uq_issue_subcategories_client_id_code'))
    )
    op.create_table('notifications',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('template', sa.Text(), nullable=False),
    sa.Column('facts', core.schema.JSONText(), nullable=False),
    sa.Column('subject_kind', sa.Text(), nullable=True),
    sa.Column('subject_id', sa.Integer(), nullable=True),
    sa.Column('urgency', sa.SmallInteger(), nullable=False),
    sa.Column('is_card', sa.Boolean(), nullable=False),
    sa.Column('dedupe_key', sa.Text(), nullable=True),
    sa.Column('digest_key', sa.Text(), nullable=True),
    sa.Column('most_attempts', sa.SmallInteger(), nullable=True),
    sa.Column('retry_seconds', sa.Float(), nullable=True),
    sa.Column('hastens', sa.Text(), nullable=True),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('digest_kind', sa.Text(), nullable=True),
    sa.Column('contents', core.schema.JSONText(), nullable=True),
    sa.Column('withdrawn_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('unreached_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('created_at', core.schema.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['units.id'], name=op.f('fk_notifications_client_id')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_notifications_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notifications'))
    )
    with op.batch_alter_table('notifications', schema=None) as batch_op:
        batch_op.create_index('ix_notifications_digest', ['person_id', 'digest_kind'], unique=False, sqlite_where=sa.text('digest_kind IS NOT NULL'), postgresql_where=sa.text('digest_kind IS NOT NULL'))
        batch_op.create_index('ix_notifications_subject', ['subject_kind', 'subject_id'], unique=False, sqlite_where=sa.text('subject_kind IS NOT NULL'), postgresql_where=sa.text('subject_kind IS NOT NULL'))
        batch_op.create_index('uq_notifications_dedupe', ['dedupe_key'], unique=True, sqlite_where=sa.text('dedupe_key IS NOT NULL'), postgresql_where=sa.text('dedupe_key IS NOT NULL'))

    op.create_table('person_leaves',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=False),
    sa.Column('said_by', sa.Text(), nullable=False),
    sa.CheckConstraint('from_on <= until_on', name=op.f('ck_person_leaves_order')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_person_leaves_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person_leaves')),
    sa.UniqueConstraint('person_id', 'from_on', name=op.f('uq_person_leaves_person_id_from_on'))
    )
    op.create_table('playbooks',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('version', sa.SmallInteger(), nullable=False),
    sa.Column('is_current', sa.Boolean(), nullable=False),
    sa.Column('enabled', sa.Boolean(), nullable=False),
    sa.Column('content', core.schema.JSONText(), nullable=False),
    sa.Column('edited_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('edited_at', core.schema.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['units.id'], name=op.f('fk_playbooks_client_id')),
    sa.ForeignKeyConstraint(['edited_by'], ['persons.id'], name=op.f('fk_playbooks_edited_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_playbooks')),
    sa.UniqueConstraint('client_id', 'code', 'version', name=op.f('uq_playbooks_client_id_code_version'))
    )
    with op.batch_alter_table('playbooks', schema=None) as batch_op:
        batch_op.create_index('uq_playbooks_current', ['client_id', 'code'], unique=True, sqlite_where=sa.text('is_current'), postgresql_where=sa.text('is_current'))

    op.create_table('positions',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('rank', sa.Text(), server_default='', nullable=False),
    sa.Column('territory', sa.Text(), server_default='', nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.CheckConstraint("(rank = 'primary' OR rank = 'secondary' OR rank = '')", name=op.f('ck_positions_rank')),
    sa.CheckConstraint("(role = 'technician' OR role = 'store_manager' OR role = 'cluster_manager' OR role = 'hr_manager' OR role = 'agent' OR role = 'team_lead' OR role = 'dispatcher' OR role = 'owner' OR role = 'admin')", name=op.f('ck_positions_role')),
    sa.CheckConstraint('starts_on <= ends_on', name=op.f('ck_positions_period')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_positions_person_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_positions_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_positions')),
    sa.UniqueConstraint('person_id', 'unit_id', 'role', 'starts_on', name=op.f('uq_positions_person_id_unit_id_role_starts_on'))
    )
    with op.batch_alter_table('positions', schema=None) as batch_op:
        batch_op.create_index('ix_positions_role', ['role', 'person_id'], unique=False)
        batch_op.create_index('ix_positions_unit', ['unit_id', 'role'], unique=False)
        batch_op.create_index('uq_positions_undated', ['person_id', 'unit_id', 'role'], unique=True, sqlite_where=sa.text('starts_on IS NULL'), postgresql_where=sa.text('starts_on IS NULL'))

    op.create_table('praise_declined',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', core.schema.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_praise_declined_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_praise_declined')),
    sa.UniqueConstraint('person_id', name=op.f('uq_praise_declined_person_id'))
    )
    op.create_table('report_wishes',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('role', sa.Text(), server_default='', nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("(role = '') = (person_id IS NOT NULL)", name=op.f('ck_report_wishes_whose')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_report_wishes_person_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_report_wishes_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_wishes')),
    sa.UniqueConstraint('unit_id', 'role', 'person_id', name=op.f('uq_report_wishes_unit_id_role_person_id'))
    )
    with op.batch_alter_table('report_wishes', schema=None) as batch_op:
        batch_op.create_index('uq_report_wishes_role', ['unit_id', 'role'], unique=True, sqlite_where=sa.text('person_id IS NULL'), postgresql_where=sa.text('person_id IS NULL'))

    op.create_table('secrets',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('channel', sa.Text(), nullable=True),
    sa.Column('name', sa.Text(), server_default='', nullable=False),
    sa.Column('role', sa.Text(), nullable=True),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('expires_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('used_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('revoked', sa.Boolean(), server_default=sa.text('(false)'), nullable=False),
    sa.Column('read_only', sa.Boolean(), server_default=sa.text('(false)'), nullable=False),
    sa.CheckConstraint("(kind = 'link' OR kind = 'token' OR kind = 'login' OR kind = 'session' OR kind = 'location' OR kind = 'list')", name=op.f('ck_secrets_kind')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_secrets_person_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_secrets_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_secrets')),
    sa.UniqueConstraint('digest', name=op.f('uq_secrets_digest'))
    )
    with op.batch_alter_table('secrets', schema=None) as batch_op:
        batch_op.create_index('ix_secrets_person', ['person_id', 'kind'], unique=False)
        batch_op.create_index('ix_secrets_unit', ['unit_id'], unique=False)

    op.create_table('training_assignments',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('employee_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('course_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('recorded_due_on', sa.Date(), nullable=True),
    sa.Column('extended_to', sa.Date(), nullable=True),
    sa.Column('asked_until', sa.Date(), nullable=True),
    sa.Column('asked_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('completed_on', sa.Date(), nullable=True),
    sa.Column('completed_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('waived_on', sa.Date(), nullable=True),
    sa.Column('waived_why', sa.Text(), server_default='', nullable=False),
    sa.Column('disputed_on', sa.Date(), nullable=True),
    sa.Column('disputed_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('promised_on', sa.Date(), nullable=True),
    sa.Column('promised_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('leave_until', sa.Date(), nullable=True),
    sa.Column('told_level', sa.SmallInteger(), server_default='0', nullable=False),
    sa.Column('told_on', sa.Date(), nullable=True),
    sa.Column('created_at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('updated_at', core.schema.UTCDateTime(), nullable=False),
    sa.CheckConstraint('(asked_until IS NULL) = (asked_by IS NULL)', name=op.f('ck_training_assignments_asked')),
    sa.CheckConstraint('(disputed_on IS NULL) = (disputed_by IS NULL)', name=op.f('ck_training_assignments_disputed')),
    sa.ForeignKeyConstraint(['asked_by'], ['persons.id'], name=op.f('fk_training_assignments_asked_by')),
    sa.ForeignKeyConstraint(['client_id'], ['units.id'], name=op.f('fk_training_assignments_client_id')),
    sa.ForeignKeyConstraint(['completed_by'], ['persons.id'], name=op.f('fk_training_assignments_completed_by')),
    sa.ForeignKeyConstraint(['course_id'], ['courses.id'], name=op.f('fk_training_assignments_course_id')),
    sa.ForeignKeyConstraint(['disputed_by'], ['persons.id'], name=op.f('fk_training_assignments_disputed_by')),
    sa.ForeignKeyConstraint(['employee_id'], ['employees.id'], name=op.f('fk_training_assignments_employee_id')),
    sa.ForeignKeyConstraint(['promised_by'], ['persons.id'], name=op.f('fk_training_assignments_promised_by')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_training_assignments_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_assignments')),
    sa.UniqueConstraint('employee_id', 'course_id', name=op.f('uq_training_assignments_employee_id_course_id'))
    )
    with op.batch_alter_table('training_assignments', schema=None) as batch_op:
        batch_op.create_index('ix_training_assignments_due', ['client_id', 'due_on', 'id', 'unit_id', 'course_id', 'promised_on', 'leave_until', 'disputed_on', 'completed_on', 'waived_on'], unique=False, sqlite_where=sa.text('completed_on IS NULL AND waived_on IS NULL'), postgresql_where=sa.text('completed_on IS NULL AND waived_on IS NULL'))
        batch_op.create_index('ix_training_assignments_unit', ['unit_id', 'completed_on', 'waived_on', 'due_on'], unique=False)

    op.create_table('training_drills',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('minutes', sa.SmallInteger(), nullable=False),
    sa.Column('started_at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('started_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('started_by_name', sa.Text(), nullable=False),
    sa.Column('level', sa.SmallInteger(), nullable=False),
    sa.Column('due_at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('ended_at', core.schema.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['client_id'], ['units.id'], name=op.f('fk_training_drills_client_id')),
    sa.ForeignKeyConstraint(['started_by'], ['persons.id'], name=op.f('fk_training_drills_started_by')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_training_drills_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_drills'))
    )
    with op.batch_alter_table('training_drills', schema=None) as batch_op:
        batch_op.create_index('ix_training_drills_client', ['client_id'], unique=False)
        batch_op.create_index('ix_training_drills_due', ['due_at'], unique=False, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    op.create_table('training_guards',
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('max_age_hours', sa.Integer(), nullable=True),
    sa.Column('max_drop_percent', sa.Integer(), nullable=True),
    sa.Column('good_import_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['client_id'], ['units.id'], name=op.f('fk_training_guards_client_id')),
    sa.ForeignKeyConstraint(['good_import_id'], ['training_imports.id'], name=op.f('fk_training_guards_good_import_id')),
    sa.PrimaryKeyConstraint('client_id', name=op.f('pk_training_guards'))
    )
    op.create_table('training_holds',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('run_on', sa.Date(), nullable=False),
    sa.Column('import_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('why', core.schema.JSONText(), nullable=False),
    sa.Column('held_at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('released_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('released_by', sa.Text(), server_default='', nullable=False),
    sa.Column('used_at', core.schema.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['client_id'], ['units.id'], name=op.f('fk_training_holds_client_id')),
    sa.ForeignKeyConstraint(['import_id'], ['training_imports.id'], name=op.f('fk_training_holds_import_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_holds'))
    )
    with op.batch_alter_table('training_holds', schema=None) as batch_op:
        batch_op.create_index('ix_training_holds_client', ['client_id', 'id'], unique=False)

    op.create_table('training_runs',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('policy_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('run_on', sa.Date(), nullable=False),
    sa.Column('started_at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('started_by', sa.Text(), server_default='', nullable=False),
    sa.Column('beat_at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('finished_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('counts', core.schema.JSONText(), nullable=False),
    sa.Column('error', sa.Text(), server_default='', nullable=False),
    sa.CheckConstraint("(outcome = 'running' OR outcome = 'done' OR outcome = 'failed' OR outcome = 'held')", name=op.f('ck_training_runs_outcome')),
    sa.ForeignKeyConstraint(['client_id'], ['units.id'], name=op.f('fk_training_runs_client_id')),
    sa.ForeignKeyConstraint(['policy_id'], ['training_policies.id'], name=op.f('fk_training_runs_policy_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_runs'))
    )
    with op.batch_alter_table('training_runs', schema=None) as batch_op:
        batch_op.create_index('ix_training_runs_client', ['client_id', 'run_on'], unique=False)
        batch_op.create_index('ix_training_runs_running', ['beat_at'], unique=False, sqlite_where=sa.text("outcome = 'running'"), postgresql_where=sa.text("outcome = 'running'"))

    op.create_table('training_schedules',
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('cron', sa.Text(), nullable=True),
    sa.Column('next_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('asked_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('asked_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('paused_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('paused_why', sa.Text(), server_default='', nullable=False),
    sa.Column('failures', sa.SmallInteger(), server_default='0', nullable=False),
    sa.ForeignKeyConstraint(['asked_by'], ['persons.id'], name=op.f('fk_training_schedules_asked_by')),
    sa.ForeignKeyConstraint(['client_id'], ['units.id'], name=op.f('fk_training_schedules_client_id')),
    sa.PrimaryKeyConstraint('client_id', name=op.f('pk_training_schedules'))
    )
    op.create_table('conversation_messages',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('conversation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('direction', sa.Text(), nullable=False),
    sa.Column('author', sa.Text(), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('media_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('external_id', sa.Text(), nullable=True),
    sa.Column('mood', sa.Float(), nullable=True),
    sa.Column('sent_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('at', core.schema.UTCDateTime(), nullable=False),
    sa.CheckConstraint("(direction = 'in' OR direction = 'out' OR direction = 'note')", name=op.f('ck_conversation_messages_direction')),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversations.id'], name=op.f('fk_conversation_messages_conversation_id')),
    sa.ForeignKeyConstraint(['media_id'], ['media.id'], name=op.f('fk_conversation_messages_media_id')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_conversation_messages_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conversation_messages'))
    )
    with op.batch_alter_table('conversation_messages', schema=None) as batch_op:
        batch_op.create_index('ix_conversation_messages_conversation', ['conversation_id', 'id'], unique=False)

    op.create_table('deliveries',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('notification_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('account', sa.Text(), nullable=False),
    sa.Column('chat', sa.Text(), nullable=False),
    sa.Column('thread', sa.Text(), nullable=True),
    sa.Column('visible_to', sa.Text(), nullable=True),
    sa.Column('target_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('contact_method_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('media_id', sa.Integer(), nullable=True),
    sa.Column('carried_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('is_repeat', sa.Boolean(), server_default=sa.text('(false)'), nullable=False),
    sa.Column('as_notice', sa.Boolean(), server_default=sa.text('(false)'), nullable=False),
    sa.Column('notice_command', sa.Text(), nullable=True),
    sa.Column('followed_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('held_for', sa.Text(), nullable=True),
    sa.Column('bundle_key', sa.Text(), nullable=True),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('time_zone', sa.Text(), nullable=False),
    sa.Column('heard_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('urgency', sa.SmallInteger(), nullable=False),
    sa.Column('whose', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('attempts', sa.SmallInteger(), nullable=False),
    sa.Column('next_attempt_at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('lease_until', core.schema.UTCDateTime(), nullable=True),
    sa.Column('begun_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('external_id', sa.Text(), nullable=True),
    sa.Column('error_code', sa.Text(), nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('created_at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('settled_at', core.schema.UTCDateTime(), nullable=True),
    sa.CheckConstraint("(kind = 'edit') <= (target_id IS NOT NULL)", name=op.f('ck_deliveries_edit_target')),
    sa.CheckConstraint("(kind = 'message' OR kind = 'edit' OR kind = 'photo')", name=op.f('ck_deliveries_kind')),
    sa.CheckConstraint("(state = 'bundled') <= (carried_by IS NOT NULL)", name=op.f('ck_deliveries_carried')),
    sa.CheckConstraint("(state = 'pending' OR state = 'sending' OR state = 'sent' OR state = 'delivered' OR state = 'read' OR state = 'failed' OR state = 'uncertain' OR state = 'withdrawn' OR state = 'bundled')", name=op.f('ck_deliveries_state')),
    sa.CheckConstraint("(state = 'sending') = (lease_until IS NOT NULL)", name=op.f('ck_deliveries_lease')),
    sa.CheckConstraint("external_id IS NOT NULL OR (state <> 'delivered' AND state <> 'read')", name=op.f('ck_deliveries_receipt')),
    sa.ForeignKeyConstraint(['carried_by'], ['deliveries.id'], name=op.f('fk_deliveries_carried_by')),
    sa.ForeignKeyConstraint(['contact_method_id'], ['contact_methods.id'], name=op.f('fk_deliveries_contact_method_id')),
    sa.ForeignKeyConstraint(['notification_id'], ['notifications.id'], name=op.f('fk_deliveries_notification_id')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_deliveries_person_id')),
    sa.ForeignKeyConstraint(['target_id'], ['deliveries.id'], name=op.f('fk_deliveries_target_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deliveries'))
    )
    with op.batch_alter_table('deliveries', schema=None) as batch_op:
        batch_op.create_index('ix_deliveries_bundle', ['chat', 'bundle_key'], unique=False, sqlite_where=sa.text("state = 'pending' AND bundle_key IS NOT NULL"), postgresql_where=sa.text("state = 'pending' AND bundle_key IS NOT NULL"))
        batch_op.create_index('ix_deliveries_carried', ['carried_by'], unique=False, sqlite_where=sa.text('carried_by IS NOT NULL'), postgresql_where=sa.text('carried_by IS NOT NULL'))
        batch_op.create_index('ix_deliveries_chat', ['channel', 'account', 'chat', 'whose'], unique=False, sqlite_where=sa.text("state = 'pending' AND attempts >= 0"), postgresql_where=sa.text("state = 'pending' AND attempts >= 0"))
        batch_op.create_index('ix_deliveries_due', ['channel', 'account', 'urgency', 'whose', 'next_attempt_at', 'id'], unique=False, sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))
        batch_op.create_index('ix_deliveries_external', ['channel', 'external_id'], unique=False, sqlite_where=sa.text('external_id IS NOT NULL'), postgresql_where=sa.text('external_id IS NOT NULL'))
        batch_op.create_index('ix_deliveries_failed', ['id'], unique=False, sqlite_where=sa.text("state = 'failed' AND followed_at IS NULL"), postgresql_where=sa.text("state = 'failed' AND followed_at IS NULL"))
        batch_op.create_index('ix_deliveries_held', ['channel', 'account', 'chat'], unique=False, sqlite_where=sa.text("state = 'pending' AND ((held_for = 'limit' OR held_for = 'broken' OR held_for = 'recipients') OR attempts > 0)"), postgresql_where=sa.text("state = 'pending' AND ((held_for = 'limit' OR held_for = 'broken' OR held_for = 'recipients') OR attempts > 0)"))
        batch_op.create_index('ix_deliveries_leased', ['lease_until'], unique=False, sqlite_where=sa.text("state = 'sending'"), postgresql_where=sa.text("state = 'sending'"))
        batch_op.create_index(batch_op.f('ix_deliveries_notification_id'), ['notification_id'], unique=False)
        batch_op.create_index('ix_deliveries_person', ['person_id', 'id'], unique=False, sqlite_where=sa.text('person_id IS NOT NULL'), postgresql_where=sa.text('person_id IS NOT NULL'))
        batch_op.create_index('ix_deliveries_target', ['target_id'], unique=False, sqlite_where=sa.text('target_id IS NOT NULL'), postgresql_where=sa.text('target_id IS NOT NULL'))
        batch_op.create_index('ix_deliveries_trouble', ['state', 'id'], unique=False, sqlite_where=sa.text("state = 'failed' OR state = 'uncertain'"), postgresql_where=sa.text("state = 'failed' OR state = 'uncertain'"))
        batch_op.create_index('ix_deliveries_uncertain', ['channel', 'urgency', 'settled_at'], unique=False, sqlite_where=sa.text("state = 'uncertain' AND followed_at IS NULL"), postgresql_where=sa.text("state = 'uncertain' AND followed_at IS NULL"))
        batch_op.create_index('ix_deliveries_unfollowed', ['chat'], unique=False, sqlite_where=sa.text('as_notice AND followed_at IS NULL'), postgresql_where=sa.text('as_notice AND followed_at IS NULL'))
        batch_op.create_index('ix_deliveries_unreached', ['created_at'], unique=False, sqlite_where=sa.text("urgency = 0 AND (state = 'pending' OR state = 'uncertain' OR state = 'failed') AND attempts >= 0"), postgresql_where=sa.text("urgency = 0 AND (state = 'pending' OR state = 'uncertain' OR state = 'failed') AND attempts >= 0"))
        batch_op.create_index('uq_deliveries_pending_edit', ['target_id'], unique=True, sqlite_where=sa.text("kind = 'edit' AND state = 'pending'"), postgresql_where=sa.text("kind = 'edit' AND state = 'pending'"))

    op.create_table('escalations',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('customer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('conversation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('priority', sa.SmallInteger(), nullable=False),
    sa.Column('team', sa.Text(), server_default='', nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('more_reasons', core.schema.JSONText(), nullable=False),
    sa.Column('reason_details', sa.Text(), server_default='', nullable=False),
    sa.Column('summary', sa.Text(), server_default='', nullable=False),
    sa.Column('suggested_response', sa.Text(), server_default='', nullable=False),
    sa.Column('trigger_message_id', sa.Text(), nullable=True),
    sa.Column('external_id', sa.Text(), nullable=True),
    sa.Column('assigned_to', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('assigned_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('first_response_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('response_due_at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('breached_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('resolution_due_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('resolution_breached_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('resolved_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('resolved_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('resolution', sa.Text(), nullable=True),
    sa.Column('resolution_notes', sa.Text(), server_default='', nullable=False),
    sa.Column('return_to_ai', sa.Boolean(), server_default=sa.text('(true)'), nullable=False),
    sa.Column('necessary', sa.Boolean(), nullable=True),
    sa.Column('satisfaction', sa.SmallInteger(), nullable=True),
    sa.Column('satisfaction_word', sa.Text(), server_default='', nullable=False),
    sa.Column('policy_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('technical_context', core.schema.JSONText(), nullable=True),
    sa.Column('customer_told_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('created_at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('updated_at', core.schema.UTCDateTime(), nullable=False),
    sa.CheckConstraint("(resolution = 'handled' OR resolution = 'returned_to_ai' OR resolution = 'converted' OR resolution = 'lost' OR resolution = 'no_action')", name=op.f('ck_escalations_resolution')),
    sa.CheckConstraint("(status = 'pending' OR status = 'assigned' OR status = 'in_progress' OR status = 'resolved')", name=op.f('ck_escalations_status')),
    sa.CheckConstraint("(status = 'resolved') = (resolved_at IS NOT NULL)", name=op.f('ck_escalations_resolved')),
    sa.CheckConstraint("status IN ('pending', 'resolved') OR assigned_to IS NOT NULL", name=op.f('ck_escalations_assignee')),
    sa.CheckConstraint('priority BETWEEN 0 AND 3', name=op.f('ck_escalations_priority')),
    sa.CheckConstraint('satisfaction BETWEEN 1 AND 5', name=op.f('ck_escalations_satisfaction')),
    sa.ForeignKeyConstraint(['assigned_to'], ['persons.id'], name=op.f('fk_escalations_assigned_to')),
    sa.ForeignKeyConstraint(['client_id'], ['units.id'], name=op.f('fk_escalations_client_id')),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversations.id'], name=op.f('fk_escalations_conversation_id')),
    sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_escalations_customer_id')),
    sa.ForeignKeyConstraint(['policy_id'], ['policies.id'], name=op.f('fk_escalations_policy_id')),
    sa.ForeignKeyConstraint(['resolved_by'], ['persons.id'], name=op.f('fk_escalations_resolved_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_escalations')),
    sa.UniqueConstraint('client_id', 'external_id', name=op.f('uq_escalations_client_id_external_id'))
    )
    with op.batch_alter_table('escalations', schema=None) as batch_op:
        batch_op.create_index('ix_escalations_assignee', ['assigned_to'], unique=False, sqlite_where=sa.text("status IN ('assigned', 'in_progress')"), postgresql_where=sa.text("status IN ('assigned', 'in_progress')"))
        batch_op.create_index('ix_escalations_customer', ['customer_id', 'created_at'], unique=False)
        batch_op.create_index('ix_escalations_late', ['client_id', 'status'], unique=False, sqlite_where=sa.text('breached_at IS NOT NULL'), postgresql_where=sa.text('breached_at IS NOT NULL'))
        batch_op.create_index('ix_escalations_queue', ['client_id', 'priority', 'response_due_at', 'id'], unique=False, sqlite_where=sa.text("status <> 'resolved'"), postgresql_where=sa.text("status <> 'resolved'"))
        batch_op.create_index('ix_escalations_resolved', ['client_id', 'resolved_at', 'id'], unique=False, sqlite_where=sa.text("status = 'resolved'"), postgresql_where=sa.text("status = 'resolved'"))
        batch_op.create_index('uq_escalations_open', ['conversation_id'], unique=True, sqlite_where=sa.text("status <> 'resolved' AND conversation_id IS NOT NULL"), postgresql_where=sa.text("status <> 'resolved' AND conversation_id IS NOT NULL"))

    op.create_table('tickets',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('running', sa.Integer(), nullable=False),
    sa.Column('external_id', sa.Text(), nullable=True),
    sa.Column('parent_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('subcategory_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('priority', sa.SmallInteger(), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('currency', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('policy_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('dispatcher_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('technician_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('response_promised_at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('response_due_at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('resolution_due_at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('rework_due_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('assigned_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('first_response_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('accepted_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('arrived_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('completed_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('closed_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('cancelled_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('cancel_reason', sa.Text(), server_default='', nullable=False),
    sa.Column('latitude', sa.Float(), nullable=True),
    sa.Column('longitude', sa.Float(), nullable=True),
    sa.Column('located_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('arrival_distance', sa.Integer(), nullable=True),
    sa.Column('expected_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('arrival_asked_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('updated_at', core.schema.UTCDateTime(), nullable=False),
    sa.CheckConstraint("(status = 'cancelled') = (cancelled_at IS NOT NULL)", name=op.f('ck_tickets_cancelled')),
    sa.CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name=op.f('ck_tickets_closed')),
    sa.CheckConstraint("(status = 'new' OR status = 'assigned' OR status = 'in_progress' OR status = 'completed' OR status = 'closed' OR status = 'cancelled')", name=op.f('ck_tickets_status')),
    sa.CheckConstraint("(status IN ('completed', 'closed')) = (completed_at IS NOT NULL)", name=op.f('ck_tickets_completed')),
    sa.CheckConstraint("NOT (status = 'in_progress' OR status = 'completed' OR status = 'closed') OR (accepted_at IS NOT NULL AND first_response_at IS NOT NULL)", name=op.f('ck_tickets_accepted')),
    sa.CheckConstraint("status = 'cancelled' OR (status = 'new') = (technician_id IS NULL)", name=op.f('ck_tickets_technician')),
    sa.CheckConstraint("status NOT IN ('new', 'assigned') OR accepted_at IS NULL", name=op.f('ck_tickets_offered')),
    sa.CheckConstraint('priority BETWEEN 0 AND 3', name=op.f('ck_tickets_priority')),
    sa.ForeignKeyConstraint(['arrival_asked_by'], ['persons.id'], name=op.f('fk_tickets_arrival_asked_by')),
    sa.ForeignKeyConstraint(['client_id'], ['units.id'], name=op.f('fk_tickets_client_id')),
    sa.ForeignKeyConstraint(['dispatcher_id'], ['persons.id'], name=op.f('fk_tickets_dispatcher_id')),
    sa.ForeignKeyConstraint(['parent_id'], ['tickets.id'], name=op.f('fk_tickets_parent_id')),
    sa.ForeignKeyConstraint(['policy_id'], ['policies.id'], name=op.f('fk_tickets_policy_id')),
    sa.ForeignKeyConstraint(['subcategory_id'], ['issue_subcategories.id'], name=op.f('fk_tickets_subcategory_id')),
    sa.ForeignKeyConstraint(['technician_id'], ['persons.id'], name=op.f('fk_tickets_technician_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_tickets_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tickets')),
    sa.UniqueConstraint('client_id', 'external_id', name=op.f('uq_tickets_client_id_external_id')),
    sa.UniqueConstraint('client_id', 'number', name=op.f('uq_tickets_client_id_number'))
    )
    with op.batch_alter_table('tickets', schema=None) as batch_op:
        batch_op.create_index('ix_tickets_created', ['client_id', 'created_at'], unique=False)
        batch_op.create_index('ix_tickets_located', ['located_at'], unique=False, sqlite_where=sa.text('located_at IS NOT NULL'), postgresql_where=sa.text('located_at IS NOT NULL'))
        batch_op.create_index('ix_tickets_open', ['unit_id'], unique=False, sqlite_where=sa.text("status NOT IN ('closed', 'cancelled')"), postgresql_where=sa.text("status NOT IN ('closed', 'cancelled')"))
        batch_op.create_index('ix_tickets_parent', ['parent_id'], unique=False, sqlite_where=sa.text('parent_id IS NOT NULL'), postgresql_where=sa.text('parent_id IS NOT NULL'))
        batch_op.create_index('ix_tickets_queue', ['client_id', 'priority', 'resolution_due_at'], unique=False, sqlite_where=sa.text("status NOT IN ('closed', 'cancelled')"), postgresql_where=sa.text("status NOT IN ('closed', 'cancelled')"))
        batch_op.create_index('ix_tickets_technician', ['technician_id', 'status'], unique=False)
        batch_op.create_index('ix_tickets_unit', ['unit_id', 'subcategory_id', 'created_at'], unique=False)
        batch_op.create_index('ix_tickets_waiting', ['client_id', 'status', 'priority', 'resolution_due_at'], unique=False, sqlite_where=sa.text("status NOT IN ('closed', 'cancelled')"), postgresql_where=sa.text("status NOT IN ('closed', 'cancelled')"))

    op.create_table('training_drill_calls',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('drill_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('level', sa.SmallInteger(), nullable=False),
    sa.Column('called_at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('answered_at', core.schema.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['drill_id'], ['training_drills.id'], name=op.f('fk_training_drill_calls_drill_id')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_training_drill_calls_person_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_training_drill_calls_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_drill_calls')),
    sa.UniqueConstraint('drill_id', 'unit_id', 'person_id', name=op.f('uq_training_drill_calls_drill_id_unit_id_person_id'))
    )
    with op.batch_alter_table('training_drill_calls', schema=None) as batch_op:
        batch_op.create_index('ix_training_drill_calls_person', ['drill_id', 'person_id'], unique=False)

    op.create_table('training_notices',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('run_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('level', sa.SmallInteger(), nullable=False),
    sa.Column('instead_of', core.schema.JSONText(), nullable=True),
    sa.Column('told_at', core.schema.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_training_notices_person_id')),
    sa.ForeignKeyConstraint(['run_id'], ['training_runs.id'], name=op.f('fk_training_notices_run_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_training_notices_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_notices')),
    sa.UniqueConstraint('run_id', 'unit_id', 'level', 'person_id', name=op.f('uq_training_notices_run_id_unit_id_level_person_id'))
    )
    with op.batch_alter_table('training_notices', schema=None) as batch_op:
        batch_op.create_index('ix_training_notices_person', ['run_id', 'person_id', 'level', 'unit_id'], unique=False)
        batch_op.create_index('ix_training_notices_untold', ['run_id', 'person_id'], unique=False, sqlite_where=sa.text('told_at IS NULL'), postgresql_where=sa.text('told_at IS NULL'))

    op.create_table('training_recipients',
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('told_on', sa.Date(), nullable=False),
    sa.Column('known_run_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('known_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['known_run_id'], ['training_runs.id'], name=op.f('fk_training_recipients_known_run_id')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_training_recipients_person_id')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_training_recipients'))
    )
    op.create_table('training_tellings',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('assignment_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('level', sa.SmallInteger(), nullable=False),
    sa.Column('run_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ended_run_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['assignment_id'], ['training_assignments.id'], name=op.f('fk_training_tellings_assignment_id')),
    sa.ForeignKeyConstraint(['ended_run_id'], ['training_runs.id'], name=op.f('fk_training_tellings_ended_run_id')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_training_tellings_person_id')),
    sa.ForeignKeyConstraint(['run_id'], ['training_runs.id'], name=op.f('fk_training_tellings_run_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_tellings'))
    )
    with op.batch_alter_table('training_tellings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_training_tellings_assignment_id'), ['assignment_id'], unique=False)
        batch_op.create_index('ix_training_tellings_ended', ['ended_run_id', 'person_id'], unique=False, sqlite_where=sa.text('ended_run_id IS NOT NULL'), postgresql_where=sa.text('ended_run_id IS NOT NULL'))
        batch_op.create_index('uq_training_tellings_open', ['person_id', 'assignment_id'], unique=True, sqlite_where=sa.text('ended_run_id IS NULL'), postgresql_where=sa.text('ended_run_id IS NULL'))

    op.create_table('attempts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('delivery_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('code', sa.Text(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.CheckConstraint("(outcome = 'sent' OR outcome = 'temporary' OR outcome = 'permanent' OR outcome = 'unknown')", name=op.f('ck_attempts_outcome')),
    sa.ForeignKeyConstraint(['delivery_id'], ['deliveries.id'], name=op.f('fk_attempts_delivery_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attempts'))
    )
    with op.batch_alter_table('attempts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attempts_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_attempts_delivery_id'), ['delivery_id'], unique=False)

    op.create_table('completions',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('completed_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('completed_at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('work', sa.Text(), nullable=False),
    sa.Column('labour_minutes', sa.Integer(), nullable=False),
    sa.Column('labour_rate', sa.BigInteger(), nullable=False),
    sa.Column('parts', core.schema.JSONText(), nullable=False),
    sa.Column('parts_cost', sa.BigInteger(), nullable=False),
    sa.Column('labour_cost', sa.BigInteger(), nullable=False),
    sa.Column('total_cost', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.Text(), nullable=False),
    sa.Column('approval', sa.Text(), nullable=False),
    sa.Column('notes', sa.Text(), server_default='', nullable=False),
    sa.Column('decided_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('signed_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('signed_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('signed_how', sa.Text(), nullable=True),
    sa.CheckConstraint("(approval = 'pending' OR approval = 'approved' OR approval = 'rejected')", name=op.f('ck_completions_approval')),
    sa.CheckConstraint("(approval = 'pending') = (decided_at IS NULL)", name=op.f('ck_completions_decided')),
    sa.CheckConstraint("(signed_how = 'code' OR signed_how = 'button' OR signed_how = 'approval')", name=op.f('ck_completions_signed_how')),
    sa.CheckConstraint('(signed_by IS NULL) = (signed_at IS NULL) AND (signed_by IS NULL) = (signed_how IS NULL)', name=op.f('ck_completions_signed')),
    sa.CheckConstraint('labour_minutes >= 0 AND parts_cost >= 0 AND labour_cost >= 0', name=op.f('ck_completions_amounts')),
    sa.CheckConstraint('total_cost = parts_cost + labour_cost', name=op.f('ck_completions_total')),
    sa.ForeignKeyConstraint(['completed_by'], ['persons.id'], name=op.f('fk_completions_completed_by')),
    sa.ForeignKeyConstraint(['decided_by'], ['persons.id'], name=op.f('fk_completions_decided_by')),
    sa.ForeignKeyConstraint(['signed_by'], ['persons.id'], name=op.f('fk_completions_signed_by')),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_completions_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_completions'))
    )
    with op.batch_alter_table('completions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_completions_ticket_id'), ['ticket_id'], unique=False)
        batch_op.create_index('uq_completions_pending', ['ticket_id'], unique=True, sqlite_where=sa.text("approval = 'pending'"), postgresql_where=sa.text("approval = 'pending'"))

    op.create_table('escalation_replies',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('escalation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('author', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('album', sa.Text(), server_default='', nullable=False),
    sa.Column('first_message_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('last_message_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('notification_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('said_at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('leaves_at', core.schema.UTCDateTime(), nullable=False),
    sa.CheckConstraint("(state = 'leaving' OR state = 'waiting' OR state = 'uncertain' OR state = 'sent' OR state = 'delivered' OR state = 'read' OR state = 'noticed' OR state = 'failed' OR state = 'taken_back')", name=op.f('ck_escalation_replies_state')),
    sa.ForeignKeyConstraint(['escalation_id'], ['escalations.id'], name=op.f('fk_escalation_replies_escalation_id')),
    sa.ForeignKeyConstraint(['first_message_id'], ['conversation_messages.id'], name=op.f('fk_escalation_replies_first_message_id')),
    sa.ForeignKeyConstraint(['last_message_id'], ['conversation_messages.id'], name=op.f('fk_escalation_replies_last_message_id')),
    sa.ForeignKeyConstraint(['notification_id'], ['notifications.id'], name=op.f('fk_escalation_replies_notification_id')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_escalation_replies_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_escalation_replies')),
    sa.UniqueConstraint('notification_id', name=op.f('uq_escalation_replies_notification_id'))
    )
    with op.batch_alter_table('escalation_replies', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_escalation_replies_escalation_id'), ['escalation_id'], unique=False)
        batch_op.create_index('ix_escalation_replies_person', ['person_id', 'id'], unique=False)
        batch_op.create_index('ix_escalation_replies_unsettled', ['leaves_at'], unique=False, sqlite_where=sa.text("(state = 'leaving' OR state = 'waiting' OR state = 'uncertain')"), postgresql_where=sa.text("(state = 'leaving' OR state = 'waiting' OR state = 'uncertain')"))

    op.create_table('escalation_routings',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('escalation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('joined', sa.Boolean(), nullable=False),
    sa.Column('facts', core.schema.JSONText(), nullable=False),
    sa.Column('rule_id', sa.Text(), nullable=False),
    sa.Column('rule', sa.Text(), nullable=False),
    sa.Column('team', sa.Text(), nullable=False),
    sa.Column('priority', sa.SmallInteger(), nullable=False),
    sa.Column('assign_to', sa.Text(), nullable=False),
    sa.Column('respond_within', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('remarks', core.schema.JSONText(), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['units.id'], name=op.f('fk_escalation_routings_client_id')),
    sa.ForeignKeyConstraint(['escalation_id'], ['escalations.id'], name=op.f('fk_escalation_routings_escalation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_escalation_routings_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_escalation_routings'))
    )
    with op.batch_alter_table('escalation_routings', schema=None) as batch_op:
        batch_op.create_index('ix_escalation_routings_client', ['client_id', 'at'], unique=False)
        batch_op.create_index(batch_op.f('ix_escalation_routings_escalation_id'), ['escalation_id'], unique=False)
        batch_op.create_index('ix_escalation_routings_person', ['person_id', 'at'], unique=False, sqlite_where=sa.text('person_id IS NOT NULL'), postgresql_where=sa.text('person_id IS NOT NULL'))
        batch_op.create_index('ix_escalation_routings_rule', ['client_id', 'rule_id', 'at'], unique=False)

    op.create_table('feedback_questions',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('customer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('conversation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('escalation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('resolved_at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('asked_at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('score', sa.SmallInteger(), nullable=True),
    sa.Column('scored_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('word', sa.Text(), server_default='', nullable=False),
    sa.CheckConstraint("(kind = 'satisfaction' OR kind = 'recommend')", name=op.f('ck_feedback_questions_kind')),
    sa.CheckConstraint("(state = 'asked' OR state = 'scored' OR state = 'done' OR state = 'withdrawn')", name=op.f('ck_feedback_questions_state')),
    sa.CheckConstraint('(score IS NULL) = (scored_at IS NULL)', name=op.f('ck_feedback_questions_scored')),
    sa.CheckConstraint('score BETWEEN 0 AND 10', name=op.f('ck_feedback_questions_score')),
    sa.ForeignKeyConstraint(['client_id'], ['units.id'], name=op.f('fk_feedback_questions_client_id')),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversations.id'], name=op.f('fk_feedback_questions_conversation_id')),
    sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_feedback_questions_customer_id')),
    sa.ForeignKeyConstraint(['escalation_id'], ['escalations.id'], name=op.f('fk_feedback_questions_escalation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_feedback_questions_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feedback_questions')),
    sa.UniqueConstraint('escalation_id', 'kind', 'resolved_at', name=op.f('uq_feedback_questions_escalation_id_kind_resolved_at'))
    )
    with op.batch_alter_table('feedback_questions', schema=None) as batch_op:
        batch_op.create_index('ix_feedback_questions_client', ['client_id', 'asked_at'], unique=False)
        batch_op.create_index('ix_feedback_questions_waiting', ['customer_id'], unique=False, sqlite_where=sa.text("state IN ('asked', 'scored')"), postgresql_where=sa.text("state IN ('asked', 'scored')"))

    op.create_table('guidance_alerts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('escalation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('about', sa.Text(), nullable=False),
    sa.Column('whom', sa.Text(), nullable=False),
    sa.Column('told_at', core.schema.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['escalation_id'], ['escalations.id'], name=op.f('fk_guidance_alerts_escalation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guidance_alerts')),
    sa.UniqueConstraint('escalation_id', 'kind', 'about', 'whom', name=op.f('uq_guidance_alerts_escalation_id_kind_about_whom'))
    )
    op.create_table('guidance_drafts',
    sa.Column('escalation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('message_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('words', core.schema.JSONText(), nullable=True),
    sa.Column('tries', sa.SmallInteger(), nullable=False),
    sa.Column('again_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('made_at', core.schema.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['escalation_id'], ['escalations.id'], name=op.f('fk_guidance_drafts_escalation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_guidance_drafts_person_id')),
    sa.PrimaryKeyConstraint('escalation_id', name=op.f('pk_guidance_drafts'))
    )
    op.create_table('playbook_runs',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('client_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('escalation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('version', sa.SmallInteger(), nullable=False),
    sa.Column('content', core.schema.JSONText(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('started_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('started_at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('ended_at', core.schema.UTCDateTime(), nullable=True),
    sa.CheckConstraint("(state = 'running' OR state = 'finished' OR state = 'stopped')", name=op.f('ck_playbook_runs_state')),
    sa.CheckConstraint("(state = 'running') = (ended_at IS NULL)", name=op.f('ck_playbook_runs_ended')),
    sa.ForeignKeyConstraint(['client_id'], ['units.id'], name=op.f('fk_playbook_runs_client_id')),
    sa.ForeignKeyConstraint(['escalation_id'], ['escalations.id'], name=op.f('fk_playbook_runs_escalation_id')),
    sa.ForeignKeyConstraint(['started_by'], ['persons.id'], name=op.f('fk_playbook_runs_started_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_playbook_runs'))
    )
    with op.batch_alter_table('playbook_runs', schema=None) as batch_op:
        batch_op.create_index('ix_playbook_runs_code', ['client_id', 'code'], unique=False)
        batch_op.create_index('uq_playbook_runs_running', ['escalation_id'], unique=True, sqlite_where=sa.text("state = 'running'"), postgresql_where=sa.text("state = 'running'"))

    op.create_table('receipts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('delivery_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('code', sa.Text(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.CheckConstraint("(state = 'sent' OR state = 'delivered' OR state = 'read' OR state = 'failed')", name=op.f('ck_receipts_state')),
    sa.ForeignKeyConstraint(['delivery_id'], ['deliveries.id'], name=op.f('fk_receipts_delivery_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_receipts'))
    )
    with op.batch_alter_table('receipts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_receipts_delivery_id'), ['delivery_id'], unique=False)

    op.create_table('service_reports',
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('media_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('asked_at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('next_attempt_at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('made_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.CheckConstraint("(state = 'pending' OR state = 'made' OR state = 'failed')", name=op.f('ck_service_reports_state')),
    sa.CheckConstraint("state <> 'made' OR media_id IS NOT NULL", name=op.f('ck_service_reports_made')),
    sa.ForeignKeyConstraint(['media_id'], ['media.id'], name=op.f('fk_service_reports_media_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_service_reports_ticket_id')),
    sa.PrimaryKeyConstraint('ticket_id', name=op.f('pk_service_reports'))
    )
    with op.batch_alter_table('service_reports', schema=None) as batch_op:
        batch_op.create_index('ix_service_reports_due', ['next_attempt_at'], unique=False, sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))

    op.create_table('ticket_offers',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('offered_at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('due_at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('because', sa.Text(), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.Column('settled_at', core.schema.UTCDateTime(), nullable=True),
    sa.CheckConstraint("(because = 'primary' OR because = 'secondary' OR because = 'branch' OR because = 'nearest' OR because = 'area' OR because = 'chosen' OR because = 'volunteer')", name=op.f('ck_ticket_offers_because')),
    sa.CheckConstraint("(outcome = 'offered' OR outcome = 'accepted' OR outcome = 'declined' OR outcome = 'missed' OR outcome = 'withdrawn')", name=op.f('ck_ticket_offers_outcome')),
    sa.CheckConstraint("(outcome = 'offered') = (settled_at IS NULL)", name=op.f('ck_ticket_offers_settled')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_ticket_offers_person_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_ticket_offers_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket_offers'))
    )
    with op.batch_alter_table('ticket_offers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ticket_offers_ticket_id'), ['ticket_id'], unique=False)
        batch_op.create_index('uq_ticket_offers_open', ['ticket_id'], unique=True, sqlite_where=sa.text("outcome = 'offered'"), postgresql_where=sa.text("outcome = 'offered'"))

    op.create_table('playbook_steps',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('run_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.SmallInteger(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('due_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('reminded_at', core.schema.UTCDateTime(), nullable=True),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('at', core.schema.UTCDateTime(), nullable=True),
    sa.CheckConstraint("(kind = 'call' OR kind = 'message' OR kind = 'offer' OR kind = 'follow_up')", name=op.f('ck_playbook_steps_kind')),
    sa.CheckConstraint("(state = 'open' OR state = 'done' OR state = 'skipped')", name=op.f('ck_playbook_steps_state')),
    sa.CheckConstraint("state <> 'skipped' OR reason <> ''", name=op.f('ck_playbook_steps_reason')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_playbook_steps_person_id')),
    sa.ForeignKeyConstraint(['run_id'], ['playbook_runs.id'], name=op.f('fk_playbook_steps_run_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_playbook_steps')),
    sa.UniqueConstraint('run_id', 'number', name=op.f('uq_playbook_steps_run_id_number'))
    )
    with op.batch_alter_table('playbook_steps', schema=None) as batch_op:
        batch_op.create_index('ix_playbook_steps_comes_back', ['due_at'], unique=False, sqlite_where=sa.text("state = 'open' AND reminded_at IS NULL AND due_at IS NOT NULL"), postgresql_where=sa.text("state = 'open' AND reminded_at IS NULL AND due_at IS NOT NULL"))

    op.create_table('signature_codes',
    sa.Column('completion_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('expires_at', core.schema.UTCDateTime(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('issued', sa.Integer(), nullable=False),
    sa.Column('first_issued_at', core.schema.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['completion_id'], ['completions.id'], name=op.f('fk_signature_codes_completion_id')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_signature_codes_person_id')),
    sa.PrimaryKeyConstraint('completion_id', name=op.f('pk_signature_codes'))
    )
    op.create_table('ticket_photos',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('completion_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('media_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('caption', sa.Text(), server_default='', nullable=False),
    sa.CheckConstraint("(kind = 'before' OR kind = 'after' OR kind = 'work')", name=op.f('ck_ticket_photos_kind')),
    sa.ForeignKeyConstraint(['completion_id'], ['completions.id'], name=op.f('fk_ticket_photos_completion_id')),
    sa.ForeignKeyConstraint(['media_id'], ['media.id'], name=op.f('fk_ticket_photos_media_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['tickets.id'], name=op.f('fk_ticket_photos_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket_photos')),
    sa.UniqueConstraint('ticket_id', 'media_id', name=op.f('uq_ticket_photos_ticket_id_media_id'))
    )
    with op.batch_alter_table('ticket_photos', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ticket_photos_completion_id'), ['completion_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('ticket_photos', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ticket_photos_completion_id'))

    op.drop_table('ticket_photos')
    op.drop_table('signature_codes')
    with op.batch_alter_table('playbook_steps', schema=None) as batch_op:
        batch_op.drop_index('ix_playbook_steps_comes_back', sqlite_where=sa.text("state = 'open' AND reminded_at IS NULL AND due_at IS NOT NULL"), postgresql_where=sa.text("state = 'open' AND reminded_at IS NULL AND due_at IS NOT NULL"))

    op.drop_table('playbook_steps')
    with op.batch_alter_table('ticket_offers', schema=None) as batch_op:
        batch_op.drop_index('uq_ticket_offers_open', sqlite_where=sa.text("outcome = 'offered'"), postgresql_where=sa.text("outcome = 'offered'"))
        batch_op.drop_index(batch_op.f('ix_ticket_offers_ticket_id'))

    op.drop_table('ticket_offers')
    with op.batch_alter_table('service_reports', schema=None) as batch_op:
        batch_op.drop_index('ix_service_reports_due', sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))

    op.drop_table('service_reports')
    with op.batch_alter_table('receipts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_receipts_delivery_id'))

    op.drop_table('receipts')
    with op.batch_alter_table('playbook_runs', schema=None) as batch_op:
        batch_op.drop_index('uq_playbook_runs_running', sqlite_where=sa.text("state = 'running'"), postgresql_where=sa.text("state = 'running'"))
        batch_op.drop_index('ix_playbook_runs_code')

    op.drop_table('playbook_runs')
    op.drop_table('guidance_drafts')
    op.drop_table('guidance_alerts')
    with op.batch_alter_table('feedback_questions', schema=None) as batch_op:
        batch_op.drop_index('ix_feedback_questions_waiting', sqlite_where=sa.text("state IN ('asked', 'scored')"), postgresql_where=sa.text("state IN ('asked', 'scored')"))
        batch_op.drop_index('ix_feedback_questions_client')

    op.drop_table('feedback_questions')
    with op.batch_alter_table('escalation_routings', schema=None) as batch_op:
        batch_op.drop_index('ix_escalation_routings_rule')
        batch_op.drop_index('ix_escalation_routings_person', sqlite_where=sa.text('person_id IS NOT NULL'), postgresql_where=sa.text('person_id IS NOT NULL'))
        batch_op.drop_index(batch_op.f('ix_escalation_routings_escalation_id'))
        batch_op.drop_index('ix_escalation_routings_client')

    op.drop_table('escalation_routings')
    with op.batch_alter_table('escalation_replies', schema=None) as batch_op:
        batch_op.drop_index('ix_escalation_replies_unsettled', sqlite_where=sa.text("(state = 'leaving' OR state = 'waiting' OR state = 'uncertain')"), postgresql_where=sa.text("(state = 'leaving' OR state = 'waiting' OR state = 'uncertain')"))
        batch_op.drop_index('ix_escalation_replies_person')
        batch_op.drop_index(batch_op.f('ix_escalation_replies_escalation_id'))

    op.drop_table('escalation_replies')
    with op.batch_alter_table('completions', schema=None) as batch_op:
        batch_op.drop_index('uq_completions_pending', sqlite_where=sa.text("approval = 'pending'"), postgresql_where=sa.text("approval = 'pending'"))
        batch_op.drop_index(batch_op.f('ix_completions_ticket_id'))

    op.drop_table('completions')
    with op.batch_alter_table('attempts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attempts_delivery_id'))
        batch_op.drop_index(batch_op.f('ix_attempts_at'))

    op.drop_table('attempts')
    with op.batch_alter_table('training_tellings', schema=None) as batch_op:
        batch_op.drop_index('uq_training_tellings_open', sqlite_where=sa.text('ended_run_id IS NULL'), postgresql_where=sa.text('ended_run_id IS NULL'))
        batch_op.drop_index('ix_training_tellings_ended', sqlite_where=sa.text('ended_run_id IS NOT NULL'), postgresql_where=sa.text('ended_run_id IS NOT NULL'))
        batch_op.drop_index(batch_op.f('ix_training_tellings_assignment_id'))

    op.drop_table('training_tellings')
    op.drop_table('training_recipients')
    with op.batch_alter_table('training_notices', schema=None) as batch_op:
        batch_op.drop_index('ix_training_notices_untold', sqlite_where=sa.text('told_at IS NULL'), postgresql_where=sa.text('told_at IS NULL'))
        batch_op.drop_index('ix_training_notices_person')

    op.drop_table('training_notices')
    with op.batch_alter_table('training_drill_calls', schema=None) as batch_op:
        batch_op.drop_index('ix_training_drill_calls_person')

    op.drop_table('training_drill_calls')
    with op.batch_alter_table('tickets', schema=None) as batch_op:
        batch_op.drop_index('ix_tickets_waiting', sqlite_where=sa.text("status NOT IN ('closed', 'cancelled')"), postgresql_where=sa.text("status NOT IN ('closed', 'cancelled')"))
        batch_op.drop_index('ix_tickets_unit')
        batch_op.drop_index('ix_tickets_technician')
        batch_op.drop_index('ix_tickets_queue', sqlite_where=sa.text("status NOT IN ('closed', 'cancelled')"), postgresql_where=sa.text("status NOT IN ('closed', 'cancelled')"))
        batch_op.drop_index('ix_tickets_parent', sqlite_where=sa.text('parent_id IS NOT NULL'), postgresql_where=sa.text('parent_id IS NOT NULL'))
        batch_op.drop_index('ix_tickets_open', sqlite_where=sa.text("status NOT IN ('closed', 'cancelled')"), postgresql_where=sa.text("status NOT IN ('closed', 'cancelled')"))
        batch_op.drop_index('ix_tickets_located', sqlite_where=sa.text('located_at IS NOT NULL'), postgresql_where=sa.text('located_at IS NOT NULL'))
        batch_op.drop_index('ix_tickets_created')

    op.drop_table('tickets')
    with op.batch_alter_table('escalations', schema=None) as batch_op:
        batch_op.drop_index('uq_escalations_open', sqlite_where=sa.text("status <> 'resolved' AND conversation_id IS NOT NULL"), postgresql_where=sa.text("status <> 'resolved' AND conversation_id IS NOT NULL"))
        batch_op.drop_index('ix_escalations_resolved', sqlite_where=sa.text("status = 'resolved'"), postgresql_where=sa.text("status = 'resolved'"))
        batch_op.drop_index('ix_escalations_queue', sqlite_where=sa.text("status <> 'resolved'"), postgresql_where=sa.text("status <> 'resolved'"))
        batch_op.drop_index('ix_escalations_late', sqlite_where=sa.text('breached_at IS NOT NULL'), postgresql_where=sa.text('breached_at IS NOT NULL'))
        batch_op.drop_index('ix_escalations_customer')
        batch_op.drop_index('ix_escalations_assignee', sqlite_where=sa.text("status IN ('assigned', 'in_progress')"), postgresql_where=sa.text("status IN ('assigned', 'in_progress')"))

    op.drop_table('escalations')
    with op.batch_alter_table('deliveries', schema=None) as batch_op:
        batch_op.drop_index('uq_deliveries_pending_edit', sqlite_where=sa.text("kind = 'edit' AND state = 'pending'"), postgresql_where=sa.text("kind = 'edit' AND state = 'pending'"))
        batch_op.drop_index('ix_deliveries_unreached', sqlite_where=sa.text("urgency = 0 AND (state = 'pending' OR state = 'uncertain' OR state = 'failed') AND attempts >= 0"), postgresql_where=sa.text("urgency = 0 AND (state = 'pending' OR state = 'uncertain' OR state = 'failed') AND attempts >= 0"))
        batch_op.drop_index('ix_deliveries_unfollowed', sqlite_where=sa.text('as_notice AND followed_at IS NULL'), postgresql_where=sa.text('as_notice AND followed_at IS NULL'))
        batch_op.drop_index('ix_deliveries_uncertain', sqlite_where=sa.text("state = 'uncertain' AND followed_at IS NULL"), postgresql_where=sa.text("state = 'uncertain' AND followed_at IS NULL"))
        batch_op.drop_index('ix_deliveries_trouble', sqlite_where=sa.text("state = 'failed' OR state = 'uncertain'"), postgresql_where=sa.text("state = 'failed' OR state = 'uncertain'"))
        batch_op.drop_index('ix_deliveries_target', sqlite_where=sa.text('target_id IS NOT NULL'), postgresql_where=sa.text('target_id IS NOT NULL'))
        batch_op.drop_index('ix_deliveries_person', sqlite_where=sa.text('person_id IS NOT NULL'), postgresql_where=sa.text('person_id IS NOT NULL'))
        batch_op.drop_index(batch_op.f('ix_deliveries_notification_id'))
        batch_op.drop_index('ix_deliveries_leased', sqlite_where=sa.text("state = 'sending'"), postgresql_where=sa.text("state = 'sending'"))
        batch_op.drop_index('ix_deliveries_held', sqlite_where=sa.text("state = 'pending' AND ((held_for = 'limit' OR held_for = 'broken' OR held_for = 'recipients') OR attempts > 0)"), postgresql_where=sa.text("state = 'pending' AND ((held_for = 'limit' OR held_for = 'broken' OR held_for = 'recipients') OR attempts > 0)"))
        batch_op.drop_index('ix_deliveries_failed', sqlite_where=sa.text("state = 'failed' AND followed_at IS NULL"), postgresql_where=sa.text("state = 'failed' AND followed_at IS NULL"))
        batch_op.drop_index('ix_deliveries_external', sqlite_where=sa.text('external_id IS NOT NULL'), postgresql_where=sa.text('external_id IS NOT NULL'))
        batch_op.drop_index('ix_deliveries_due', sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))
        batch_op.drop_index('ix_deliveries_chat', sqlite_where=sa.text("state = 'pending' AND attempts >= 0"), postgresql_where=sa.text("state = 'pending' AND attempts >= 0"))
        batch_op.drop_index('ix_deliveries_carried', sqlite_where=sa.text('carried_by IS NOT NULL'), postgresql_where=sa.text('carried_by IS NOT NULL'))
        batch_op.drop_index('ix_deliveries_bundle', sqlite_where=sa.text("state = 'pending' AND bundle_key IS NOT NULL"), postgresql_where=sa.text("state = 'pending' AND bundle_key IS NOT NULL"))

    op.drop_table('deliveries')
    with op.batch_alter_table('conversation_messages', schema=None) as batch_op:
        batch_op.drop_index('ix_conversation_messages_conversation')

    op.drop_table('conversation_messages')
    op.drop_table('training_schedules')
    with op.batch_alter_table('training_runs', schema=None) as batch_op:
        batch_op.drop_index('ix_training_runs_running', sqlite_where=sa.text("outcome = 'running'"), postgresql_where=sa.text("outcome = 'running'"))
        batch_op.drop_index('ix_training_runs_client')

    op.drop_table('training_runs')
    with op.batch_alter_table('training_holds', schema=None) as batch_op:
        batch_op.drop_index('ix_training_holds_client')

    op.drop_table('training_holds')
    op.drop_table('training_guards')
    with op.batch_alter_table('training_drills', schema=None) as batch_op:
        batch_op.drop_index('ix_training_drills_due', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
        batch_op.drop_index('ix_training_drills_client')

    op.drop_table('training_drills')
    with op.batch_alter_table('training_assignments', schema=None) as batch_op:
        batch_op.drop_index('ix_training_assignments_unit')
        batch_op.drop_index('ix_training_assignments_due', sqlite_where=sa.text('completed_on IS NULL AND waived_on IS NULL'), postgresql_where=sa.text('completed_on IS NULL AND waived_on IS NULL'))

    op.drop_table('training_assignments')
    with op.batch_alter_table('secrets', schema=None) as batch_op:
        batch_op.drop_index('ix_secrets_unit')
        batch_op.drop_index('ix_secrets_person')

    op.drop_table('secrets')
    with op.batch_alter_table('report_wishes', schema=None) as batch_op:
        batch_op.drop_index('uq_report_wishes_role', sqlite_where=sa.text('person_id IS NULL'), postgresql_where=sa.text('person_id IS NULL'))

    op.drop_table('report_wishes')
    op.drop_table('praise_declined')
    with op.batch_alter_table('positions', schema=None) as batch_op:
        batch_op.drop_index('uq_positions_undated', sqlite_where=sa.text('starts_on IS NULL'), postgresql_where=sa.text('starts_on IS NULL'))
        batch_op.drop_index('ix_positions_unit')
        batch_op.drop_index('ix_positions_role')

    op.drop_table('positions')
    with op.batch_alter_table('playbooks', schema=None) as batch_op:
        batch_op.drop_index('uq_playbooks_current', sqlite_where=sa.text('is_current'), postgresql_where=sa.text('is_current'))

    op.drop_table('playbooks')
    op.drop_table('person_leaves')
    with op.batch_alter_table('notifications', schema=None) as batch_op:
        batch_op.drop_index('uq_notifications_dedupe', sqlite_where=sa.text('dedupe_key IS NOT NULL'), postgresql_where=sa.text('dedupe_key IS NOT NULL'))
        batch_op.drop_index('ix_notifications_subject', sqlite_where=sa.text('subject_kind IS NOT NULL'), postgresql_where=sa.text('subject_kind IS NOT NULL'))
        batch_op.drop_index('ix_notifications_digest', sqlite_where=sa.text('digest_kind IS NOT NULL'), postgresql_where=sa.text('digest_kind IS NOT NULL'))

    op.drop_table('notifications')
    op.drop_table('issue_subcategories')
    op.drop_table('employee_leaves')
    op.drop_table('dialogs')
    with op.batch_alter_table('customer_addresses', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_customer_addresses_customer_id'))

    op.drop_table('customer_addresses')
    with op.batch_alter_table('conversations', schema=None) as batch_op:
        batch_op.drop_index('ix_conversations_unanswered', sqlite_where=sa.text('unanswered_since IS NOT NULL'), postgresql_where=sa.text('unanswered_since IS NOT NULL'))
        batch_op.drop_index('ix_conversations_chat')
        batch_op.drop_index('ix_conversations_answer_due', sqlite_where=sa.text('answer_due_at IS NOT NULL'), postgresql_where=sa.text('answer_due_at IS NOT NULL'))

    op.drop_table('conversations')
    with op.batch_alter_table('contact_methods', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_contact_methods_person_id'))

    op.drop_table('contact_methods')
    op.drop_table('bundle_windows')
    op.drop_table('achievements')
    with op.batch_alter_table('webhooks', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_webhooks_client_id'))

    op.drop_table('webhooks')
    with op.batch_alter_table('training_policies', schema=None) as batch_op:
        batch_op.drop_index('ix_training_policies_client')

    op.drop_table('training_policies')
    with op.batch_alter_table('training_intake', schema=None) as batch_op:
        batch_op.drop_index('ix_training_intake_key')

    op.drop_table('training_intake')
    with op.batch_alter_table('training_imports', schema=None) as batch_op:
        batch_op.drop_index('ix_training_imports_client')

    op.drop_table('training_imports')
    op.drop_table('ticket_counters')
    op.drop_table('policies')
    op.drop_table('persons')
    with op.batch_alter_table('parts', schema=None) as batch_op:
        batch_op.drop_index('ix_parts_name')

    op.drop_table('parts')
    with op.batch_alter_table('media', schema=None) as batch_op:
        batch_op.drop_index('ix_media_due', sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))

    op.drop_table('media')
    op.drop_table('issue_categories')
    with op.batch_alter_table('events', schema=None) as batch_op:
        batch_op.drop_index('ix_events_subject')
        batch_op.drop_index('ix_events_person', sqlite_where=sa.text('person_id IS NOT NULL'), postgresql_where=sa.text('person_id IS NOT NULL'))
        batch_op.drop_index('ix_events_client')

    op.drop_table('events')
    op.drop_table('escalation_rule_sets')
    op.drop_table('employees')
    op.drop_table('documents')
    op.drop_table('customers')
    op.drop_table('courses')
    with op.batch_alter_table('climbs', schema=None) as batch_op:
        batch_op.drop_index('ix_climbs_due', sqlite_where=sa.text("state = 'running'"), postgresql_where=sa.text("state = 'running'"))

    op.drop_table('climbs')
    op.drop_table('boards')
    op.drop_table('approval_limits')
    op.drop_table('answers')
    with op.batch_alter_table('units', schema=None) as batch_op:
        batch_op.drop_index('uq_units_client_code', sqlite_where=sa.text("kind = 'client'"), postgresql_where=sa.text("kind = 'client'"))
        batch_op.drop_index('ix_units_path')
        batch_op.drop_index('ix_units_parent')

    op.drop_table('units')
    with op.batch_alter_table('ticks', schema=None) as batch_op:
        batch_op.drop_index('ix_ticks_claimed')

    op.drop_table('ticks')
    with op.batch_alter_table('seen_events', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_seen_events_at'))

    op.drop_table('seen_events')
    op.drop_table('quarantine')
    op.drop_table('model_days')
    op.drop_table('leases')
    op.drop_table('lanes')
    op.drop_table('kept_settings')
    with op.batch_alter_table('idempotency_keys', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_idempotency_keys_at'))

    op.drop_table('idempotency_keys')
    op.drop_table('dispatchers')
