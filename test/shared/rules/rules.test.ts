/** The quick answer to "does this entity keep its rules?" is the same as class-validator's own. */
import { describe, expect, test } from '@jest/globals';
import {
  Allow,
  ArrayNotEmpty,
  IsDefined,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsNumber,
  IsOptional,
  IsPositive,
  IsString,
  Length,
  Matches,
  Min,
  registerDecorator,
  Validate,
  ValidateBy,
  ValidateIf,
  ValidateNested,
  type ValidationArguments,
  ValidatorConstraint,
  validateSync,
} from 'class-validator';
import fc from 'fast-check';
import { compileRuleErrors, compileRules } from '../../../src/shared/rules/compiled-rules.ts';
import { IsEmail, Max, MaxLength } from '../../../src/shared/rules/quick-rules.ts';
import { asynchronousRules, ruleErrors } from '../../../src/shared/rules/rules.ts';
import { Order } from '../../../src/shop/orders/order.entity.ts';
import { Product } from '../../../src/shop/products/product.entity.ts';
import { User } from '../../../src/shop/users/user.entity.ts';
import { depth } from '../../support/depth.ts';
import { sorted } from '../../support/metadata.ts';

/** As long as the property that the rule is given. */
const IsAsLongAs = (other: string) =>
  ValidateBy({
    name: 'isAsLongAs',
    constraints: [other],
    validator: {
      validate(value, rule) {
        const { object, property, constraints } = rule as ValidationArguments;
        const seen = (object as Record<string, unknown>)[constraints[0]];
        return property === 'twin' && String(value).length === String(seen).length;
      },
    },
  });

class Base {
  @IsOptional()
  @IsString()
  inherited: unknown;
}

class Conditional extends Base {
  @IsDefined()
  defined: unknown;

  @IsOptional()
  @IsInt()
  @Min(1)
  optional: unknown;

  @ValidateIf((entity: Conditional) => entity.defined === 1)
  @IsString()
  @Length(1, 3)
  sometimes: unknown;

  @ValidateIf((_entity, value) => typeof value === 'string')
  @ValidateIf((entity: Conditional) => entity.defined !== null)
  @Matches(/^a/)
  both: unknown;

  @IsIn(['a', 'b'], { validateIf: (entity: Conditional) => entity.optional === null })
  option: unknown;

  @IsAsLongAs('defined')
  twin: unknown;

  @Allow()
  anything: unknown;
}

/** Keeps what it was given, and passes only when it is unchanged since. */
const kept: { rule: ValidationArguments; was: string }[] = [];
const described = ({ targetName, property, value, constraints }: ValidationArguments) =>
  `${targetName} ${property} ${String(value)} ${String(constraints)}`;
const KeepsItsArguments = () =>
  ValidateBy({
    name: 'keepsItsArguments',
    validator: {
      validate(_value, rule) {
        const given = rule as ValidationArguments;
        kept.splice(0, kept.length - 4);
        kept.push({ rule: given, was: described(given) });
        return kept.every((one) => described(one.rule) === one.was);
      },
    },
  });

@ValidatorConstraint({ name: 'max' })
class IsBelow {
  validate(value: unknown, { constraints }: ValidationArguments): boolean {
    return typeof value === 'number' && value < constraints[0];
  }
}

/** Rules that bear the names of others and mean something else. */
class Misleading {
  @ValidateBy({ name: 'isEmail', constraints: [{}], validator: { validate: (value) => value === 'ann' } })
  @KeepsItsArguments()
  email: unknown;

  @Validate(IsBelow, [5])
  @KeepsItsArguments()
  quantity: unknown;

  @ValidateBy({
    name: 'maxLength',
    constraints: [100],
    validator: { validate: (value, rule) => String(value).length > (rule?.constraints[0] ?? 0) },
  })
  name: unknown;
}

/** The rules that have a quick answer, under conditions and with constraints of all kinds. */
class WithQuickRules {
  @IsOptional()
  @IsEmail()
  @MaxLength(20)
  email: unknown;

  @IsEmail({ host_blacklist: ['example.com'] })
  name: unknown;

  @IsEmail({}, { validateIf: (entity: WithQuickRules) => entity.quantity === 1 })
  sku: unknown;

  @ValidateIf((entity: WithQuickRules) => entity.email !== null)
  @Max(1.5)
  quantity: unknown;

  @Max(5, { always: true })
  id: unknown;

  @MaxLength(3, { groups: ['late'] })
  unknown: unknown;
}

class WithQuickRuleForEach {
  @IsEmail({}, { each: true })
  @MaxLength(20, { each: true })
  tags: unknown = [];
}

class WithEach {
  @IsString({ each: true })
  tags: unknown = [];
}

class WithNested {
  @ValidateNested()
  child: unknown = new Order();
}

class WithSpread {
  @ValidateNested({ each: true })
  @IsEmail({}, { each: true })
  child: unknown = [];
}

class WithGroups {
  @IsInt({ groups: ['late'] })
  count: unknown;
}

/** Messages with all that class-validator puts into them, and two rules of one name. */
class WithMessages {
  @IsIn(['a', 'b'], { message: '$target.$property is $value, not $constraint1' })
  option: unknown;

  @Length(1, 3, { message: ({ value, constraints }) => `${typeof value} of $constraint1 to ${constraints[1]}` })
  name: unknown;

  @Matches(/^a/, { message: 'first' })
  @Matches(/b$/, { message: 'second' })
  both: unknown;

  @Min(1)
  @IsInt()
  count: unknown;
}

class WithoutRules {
  id: unknown;
}

const value = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, '', ' ', 0, -0, 1, -1, 1.5, 2 ** 53, Number.NaN, true, 'a', 'ab', '5.00'),
  fc.constantFrom<unknown>('1.999', '-1', '9999999999.99', '10000000000.00', 1_000_000_000, 1_000_000_001, [], {}),
  fc.constantFrom<unknown>(
    'ada@example.com',
    'ada',
    'n'.repeat(100),
    'n'.repeat(101),
    's'.repeat(65),
    [1],
    new Date(0),
  ),
  fc.constantFrom<unknown>(
    ...['ann', 'n'.repeat(99), '😀'.repeat(100), '😀'.repeat(101), `${'n'.repeat(65)}@example.com`],
    ...['ada@a.co', 'ADA@EXAMPLE.COM', 'ada@example', 'äda@example.com', '"a da"@example.com', 'ada@127.0.0.1'],
    ...[4, 5, 6, 2 ** 31, Number.POSITIVE_INFINITY, ['ada@example.com'], [4], new String('ada@example.com')],
  ),
  fc.string(),
  fc.integer(),
  fc.double(),
  fc.emailAddress(),
);

const PROPERTIES = [
  ...['id', 'name', 'email', 'sku', 'price', 'userId', 'productId', 'quantity', 'unknown'],
  ...['inherited', 'defined', 'optional', 'sometimes', 'both', 'option', 'twin', 'anything', 'tags', 'child', 'count'],
];

/** Entities that are right in most properties, so that all kinds of outcomes come about. */
const entityOf = (entityClass: new () => object, valid: object) =>
  fc
    .dictionary(fc.constantFrom(...PROPERTIES), value, { maxKeys: 3 })
    .map((values) => Object.assign(new entityClass(), valid, values));

const findsNothing = (entity: object) => validateSync(entity, { forbidUnknownValues: false }).length === 0;

describe('compileRules', () => {
  const COMPILED: [string, new () => object, object][] = [
    ['User', User, { id: 1, name: 'Ada', email: 'ada@example.com' }],
    ['Product', Product, { id: 1, sku: null, name: 'Nail', price: '5.00' }],
    ['Order', Order, { id: 1, userId: 1, productId: 1, quantity: 1 }],
    ['an entity with conditions', Conditional, { defined: 1, sometimes: 'a', both: 'a', option: 'a', twin: 'a' }],
    [
      'an entity with quick rules',
      WithQuickRules,
      { email: 'ada@a.co', name: 'ada@a.co', sku: 1, quantity: 1.5, id: 5, unknown: 'abc' },
    ],
    ['an entity with misleading rules', Misleading, { email: 'ann', quantity: 4, name: 'n'.repeat(101) }],
    ['an entity without rules', WithoutRules, {}],
  ];

  test.each(COMPILED)('says of %s what validateSync says', (_what, entityClass, valid) => {
    const keepsRules = compileRules(entityClass);
    fc.assert(
      fc.property(entityOf(entityClass, valid), (entity) => {
        expect(keepsRules(entity)).toBe(findsNothing(entity));
      }),
      { numRuns: depth(200, 2000) },
    );
  });

  test.each([
    ...COMPILED,
    ['an entity with messages', WithMessages, {}] as const,
    ['an entity with each', WithEach, {}] as const,
  ])('finds in %s the errors that validateSync finds', (_what, entityClass, valid) => {
    const errorsOf = compileRuleErrors(entityClass);
    fc.assert(
      fc.property(entityOf(entityClass, valid), fc.subarray(PROPERTIES, { maxLength: 3 }), (entity, exempt) => {
        expect(errorsOf(entity, exempt)).toEqual(ruleErrors(entity, exempt));
      }),
      { numRuns: depth(200, 2000) },
    );
  });

  test.each(COMPILED)('lets a valid %s pass', (_what, entityClass, valid) => {
    expect(compileRules(entityClass)(Object.assign(new entityClass(), valid))).toBe(true);
  });

  test.each([
    ['each', WithEach, { tags: ['a'] }],
    [
      'nested entities',
      WithNested,
      { child: Object.assign(new Order(), { id: 1, userId: 1, productId: 1, quantity: 1 }) },
    ],
  ])('leaves an entity with %s to validateSync', (_what, entityClass, valid) => {
    const entity = Object.assign(new entityClass(), valid);
    expect(findsNothing(entity)).toBe(true);
    expect(compileRules(entityClass)(entity)).toBe(false);
  });

  test.each([
    ['each', WithEach],
    ['each of a quick rule', WithQuickRuleForEach],
    ['nested entities', WithNested],
    ['several nested entities', WithSpread],
    ['groups', WithGroups],
  ])('never says that an entity with %s keeps rules that it breaks', (_what, entityClass) => {
    const keepsRules = compileRules(entityClass);
    fc.assert(
      fc.property(entityOf(entityClass, {}), (entity) => {
        expect(keepsRules(entity) && !findsNothing(entity)).toBe(false);
      }),
    );
  });
});

describe('ruleErrors', () => {
  class Filtered {
    @IsDefined({ message: 'missing' })
    @IsNotEmpty({ message: 'empty' })
    @IsNumber({}, { message: 'no number' })
    @IsPositive({ message: 'not positive' })
    @Max(9, { message: 'too much' })
    amount: unknown;

    @MaxLength(3, { message: 'too long' })
    @IsEmail({}, { message: 'no address' })
    email: unknown = 'a@b.co';
  }

  test.each<[unknown, string[]]>([
    [undefined, ['isDefined', 'isNotEmpty']],
    [null, ['isDefined', 'isNotEmpty']],
    ['', ['isNotEmpty']],
    ['text', ['isNumber']],
    [[], ['isNumber']],
    [-1, ['isPositive']],
    [10, ['max']],
    [5, []],
  ])('of %p are those that stand for themselves', (amount, codes) => {
    const entity = Object.assign(new Filtered(), { amount });
    const errors = ruleErrors(entity).filter(({ property }) => property === 'amount');
    expect(sorted(errors).map(({ code }) => code)).toEqual(codes);
  });

  test('are filtered for each property by itself', () => {
    const entity = Object.assign(new Filtered(), { amount: '', email: 'long text' });
    expect(sorted(ruleErrors(entity))).toEqual([
      { property: 'amount', code: 'isNotEmpty', message: 'empty' },
      { property: 'email', code: 'isEmail', message: 'no address' },
      { property: 'email', code: 'maxLength', message: 'too long' },
    ]);
  });

  test.each([
    ['each', Object.assign(new WithEach(), { tags: ['a', 1] }), 'tags'],
    ['nested entities', Object.assign(new WithNested(), { child: new Order() }), 'child'],
  ])('are found in an entity with %s, which the quick answer refuses', (_what, entity, property) => {
    expect(ruleErrors(entity).length).toBeGreaterThan(0);
    expect(ruleErrors(entity).every((error) => error.property?.startsWith(property))).toBe(true);
  });

  test('are none exactly when validateSync finds none', () => {
    fc.assert(
      fc.property(entityOf(Product, { id: 1, name: 'Nail', price: '5.00' }), (entity) => {
        expect(ruleErrors(entity).length === 0).toBe(findsNothing(entity));
      }),
    );
  });
});

test('asynchronousRules names property and rule, and finds none in the catalog', () => {
  class Later {
    @ArrayNotEmpty()
    list: unknown;

    seat: unknown;
  }
  registerDecorator({
    name: 'isFree',
    target: Later,
    propertyName: 'seat',
    async: true,
    validator: { validate: async () => true },
  });
  expect([User, Product, Order].flatMap(asynchronousRules)).toEqual([]);
  expect(asynchronousRules(Later)).toEqual(['seat: isFree']);
});
