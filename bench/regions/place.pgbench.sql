-- The statements with which Meridian places an order of one product, for pgbench. What they write is the same.
\set user random(1, 1000)
\set product random(1, 1000)
\set quantity random(1, 3)
select 1 from users where id = :user;
select 1 from products where id = :product;
begin;
insert into checkouts (id, request, outcome, placed_at, details) values (
  -- sorts by time, as Meridian's keys do
  to_char(clock_timestamp(), 'YYYYMMDDHH24MISSUS') || substr(gen_random_uuid()::text, 21),
  'order of user ' || :user || ': ' || :quantity || ' of product ' || :product, '', clock_timestamp()::text, null
) on conflict do nothing returning id as key, placed_at as at \gset
update stock set on_hand = on_hand - :quantity, version = version + 1
  where product_id = :product and on_hand >= :quantity
  returning name, unit_price_cents as price, on_hand as left_on_hand, version \gset
select nextval('orders_id_seq') as order_id \gset
insert into orders (id, user_id, product_id, quantity, unit_price_cents, placed_at, country, status, checkout_id, version)
  values (:order_id, :user, :product, :quantity, :price, :at, null, 'confirmed', :key, 1);
insert into outbox_event
  (event_id, type, schema_version, aggregate, aggregate_id, aggregate_version, payload, occurred_at)
  values (
    to_char(clock_timestamp(), 'YYYYMMDDHH24MISSUS') || substr(gen_random_uuid()::text, 21),
    'placed', 1, 'order', :order_id, 1,
    '{"id":' || :order_id || ',"userId":' || :user || ',"productId":' || :product || ',"quantity":' || :quantity ||
      ',"unitPrice":"' || :price || '","placedAt":"' || :at || '","country": null,"status":"confirmed","checkoutId":"' ||
      :key || '"}',
    :at
  ), (
    to_char(clock_timestamp(), 'YYYYMMDDHH24MISSUS') || substr(gen_random_uuid()::text, 21),
    'sold', 1, 'stock', :product, :version,
    '{"productId":' || :product || ',"name":"' || :name || '","unitPrice":"' || :price || '","onHand":' ||
      :left_on_hand || '}',
    :at
  ), (
    to_char(clock_timestamp(), 'YYYYMMDDHH24MISSUS') || substr(gen_random_uuid()::text, 21),
    'placed', 1, 'checkout', :order_id, 1,
    '{"id":"' || :key || '","region":"boston","userId":' || :user || ',"placedAt":"' || :at || '","country": null,"total":"' ||
      :price || '","totalCents":' || :price || ',"lines":[{"orderId":' || :order_id || ',"productId":' || :product ||
      ',"name":"' || :name || '","quantity":' || :quantity || ',"unitPrice":"' || :price || '","unitPriceCents":' ||
      :price || '}],"details":{}}',
    :at
  );
update checkouts set outcome = '{"outcome":{"result":"placed","key":"' || :key || '","userId":' || :user ||
    ',"status":"confirmed","placedAt":"' || :at || '","country": null,"orders":[{"id":' || :order_id ||
    ',"productId":' || :product || ',"name":"' || :name || '","quantity":' || :quantity || ',"unitPrice":"' || :price ||
    '"}],"total":"' ||
    :price || '"},"returned":[]}'
  where id = :key;
commit;
