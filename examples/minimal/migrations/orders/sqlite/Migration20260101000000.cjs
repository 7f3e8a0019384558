'use strict';
Object.defineProperty(exports, '__esModule', { value: true });
const { Migration } = require('@mikro-orm/migrations');

class Migration20260101000000 extends Migration {

  name = 'Migration20260101000000';

  async up() {
    this.addSql(`create table \`orders\` (\`id\` integer not null primary key, \`customer_id\` integer not null, \`total\` numeric(12,2) not null, \`placed_on\` date not null);`);
  }

  async down() {
    this.addSql(`drop table if exists \`orders\`;`);
  }

}
exports.Migration20260101000000 = Migration20260101000000;
