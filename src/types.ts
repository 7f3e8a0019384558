/**
 * Property types and validation rules for entities: exact amounts of money, instants, visible text; and functions that work with such
 * values.
 *
 * ```ts
 * import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
 * import { AmountType, InstantType, IsAmount, IsInstant, IsVisible, MaxLength } from 'meridian/types';
 *
 * @Entity()
 * export class Invoice {
 *   @PrimaryKey({ type: 'integer' })
 *   id!: number;
 *
 *   @Property({ type: 'text' })
 *   @MaxLength(100)
 *   @IsVisible('Customer')
 *   customer!: string;
 *
 *   @Property({ type: AmountType, fieldName: 'total_cents' })
 *   @IsAmount({ message: 'Total must be a decimal number with at most two decimals' })
 *   total!: string;
 *
 *   @Property({ type: InstantType })
 *   @IsInstant('Sent at')
 *   sentAt!: string;
 * }
 * ```
 *
 * @packageDocumentation
 */
export { gather } from './shared/async/gather.ts';
export { wait } from './shared/async/wait.ts';
export { currentTime, monotonic, random, timestamp } from './shared/environment.ts';
export { newId } from './shared/ids.ts';
export { isExactNumber } from './shared/json/exact-number.ts';
export { parseJson } from './shared/json/parse.ts';
export { scanJson } from './shared/json/scan.ts';
export { IsAmount, IsNotNegativeAmount, IsPositiveAmount, MaxAmount } from './shared/money/amount.rules.ts';
export { canonicalAmount, fromCents, toCents } from './shared/money/amount.ts';
export { AmountType } from './shared/money/amount.type.ts';
export { formatAmount } from './shared/money/format-amount.ts';
export { compileRules } from './shared/rules/compiled-rules.ts';
export {
  IsEmail,
  IsInt,
  IsNotEmpty,
  IsPositive,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateValue,
  type ValueRule,
} from './shared/rules/quick-rules.ts';
export { ruleErrors } from './shared/rules/rules.ts';
export { IsVisible } from './shared/text/visible.rules.ts';
export { formatInstant } from './shared/time/format-instant.ts';
export { IsInstant } from './shared/time/instant.rules.ts';
export { canonicalInstant } from './shared/time/instant.ts';
export { InstantType } from './shared/time/instant.type.ts';
