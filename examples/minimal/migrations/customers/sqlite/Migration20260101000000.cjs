'use strict';
Object.defineProperty(exports, '__esModule', { value: true });
const { Migration } = require('@mikro-orm/migrations');

class Migration20260101000000 extends Migration {

  name = 'Migration20260101000000';

  async up() {
    this.addSql(`create table \`customer\` (\`id\` integer not null primary key, \`name\` text not null, \`email\` text not null);`);
    this.addSql(`create unique index \`customer_email_unique\` on \`customer\` (\`email\`);`);
  }

  async down() {
    this.addSql(`drop table if exists \`customer\`;`);
  }

}
exports.Migration20260101000000 = Migration20260101000000;
