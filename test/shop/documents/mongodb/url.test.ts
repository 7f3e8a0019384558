/** The URL of a document store on MongoDB: no message repeats who logs in, or the value of an option. */
import { expect, test } from '@jest/globals';
import { explainMongodbError } from '../../../../src/shop/documents/mongodb/errors.ts';
import { openMongodbStore } from '../../../../src/shop/documents/mongodb/store.ts';
import { withoutSecrets } from '../../../../src/shop/documents/mongodb/url.ts';

const openingOf = async (url: string) => openMongodbStore(url, { readOnly: true }).catch((error: unknown) => error);

test.each([
  'maxPoolSize=s3cret',
  'tls=s3cret',
  'readPreference=s3cret',
  'authMechanism=s3cret',
  'compressors=s3cret',
  'family=s3cret',
  'authMechanismProperties=s3cret',
  'colour=s3cret',
  'maxPoolSize=s3cret&maxPoolSize=s3cret',
  'directConnection=s3cret',
  'zlibCompressionLevel=s3cret',
  'readPreferenceTags=s3cret',
])('%s is refused with its name and without its value', async (options) => {
  const failure = await openingOf(`mongodb://ann:s3cret@127.0.0.1:1/shop?${options}`);
  const [name] = options.split('=');
  expect(failure).toMatchObject({
    code: 'usage',
    message: expect.stringMatching(
      new RegExp(
        `^documents: the URL in DOCUMENTS_DATABASE_URL cannot be used\\. Check the option ${name}: it does not exist`,
      ),
    ),
  });
  expect((failure as Error).message).not.toContain('s3cret');
});

test.each([
  'mongodb://an#s3cret:x@127.0.0.1:1/shop',
  'mongodb://ann:s3%zzcret@127.0.0.1:1/shop',
  'mongodb://ann:s3cret@127.0.0.1:99999/shop',
  'mongodb://ann:pa@s3cret?s3cret@127.0.0.1:1/shop',
  'mongodb://ann:pa@s3cret?tls=s3cret@127.0.0.1:1/shop',
  'mongodb://ann:pa@s3cret/s3cret@127.0.0.1:1/shop',
  'mongodb+srv://ann:s3cret@127.0.0.1:1/shop',
])('%s is refused without a word of it', async (url) => {
  const failure = await openingOf(url);
  expect(failure).toMatchObject({ code: 'usage', message: expect.stringContaining('DOCUMENTS_DATABASE_URL') });
  expect((failure as Error).message).not.toMatch(/s3(%zz)?cret/);
});

test('the answer of a server is reported without the values of options', () => {
  const url =
    'mongodb://ann:12345@h/shop?w=quorum&replicaSet=set%3Dcret&authMechanismProperties=A:b64,C:d64&maxPoolSize=17';
  const message = "No mode 'quorum' in set 'set=cret' (12345, A:b64,C:d64, d64) of 17; ann cannot write";
  expect(withoutSecrets(url, message)).toBe("No mode '…' in set '…' (…, …, …) of 17; … cannot write");
  const error = Object.assign(new Error(message), { name: 'MongoServerError', code: 79 });
  expect(explainMongodbError(url, error)).toMatchObject({
    message: expect.stringContaining("MongoDB database shop at h failed (No mode '…' in set '…' (…, …, …) of 17;"),
  });
});

test('a missing file that an option names is reported without its name', () => {
  const error = Object.assign(new Error("ENOENT: no such file or directory, open '/s3cret.pem'"), { code: 'ENOENT' });
  expect(explainMongodbError('mongodb://h/shop?tls=true&tlsCAFile=/s3cret.pem', error)).toMatchObject({
    code: 'usage',
    message: 'documents: a file that an option in DOCUMENTS_DATABASE_URL names cannot be read (ENOENT). Correct it.',
  });
});
