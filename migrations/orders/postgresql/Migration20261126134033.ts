import { Migration } from '@mikro-orm/migrations';

export class Migration20261126134033 extends Migration {

  override name = 'Migration20261126134033';

  override up(): void | Promise<void> {
    this.addSql(`alter table "relay_state" add "base" text collate "C" null;`);

    // it is not known what an epoch builds on that began before this column: unless it repeats everything, no state of central is enough for it
    this.addSql(`update "relay_state" set "base" = '{"epoch":' || "epoch" || ',"seq":0,"headSeq":0}' where "epoch" > 1 and ("snapshot" is null or "snapshot" not like '{"epoch":' || "epoch" || ',%') and not exists (select 1 from "outbox_event" as event where event."aggregate" = 'region' and event."aggregate_id" = "relay_state"."epoch" and (event."seq" is null or event."epoch" = "relay_state"."epoch"));`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "relay_state" drop column "base";`);
  }

}
