import assert from 'node:assert/strict'
import test from 'node:test'
import { addressOf } from '../src/client.ts'
import { base64url, challengeOf, claimsOf } from '../src/signin.ts'

// RFC 7636, appendix B.
test('the challenge of PKCE', async () => {
  assert.equal(await challengeOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'), 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM')
  assert.equal(base64url(new Uint8Array([251, 255, 254])), '-__-')
})

test('claims of a token, in any letters', () => {
  const part = Buffer.from(JSON.stringify({ nonce: 'n', name: '李敏' })).toString('base64url')
  assert.equal(claimsOf(`x.${part}.y`).nonce, 'n')
  assert.throws(() => claimsOf('no token'))
})

test('values cannot leave their place in an address', () => {
  assert.equal(addressOf('/v1/plots/{id}', { path: { id: '../me?x=1' }, query: { run: 3, cursor: undefined } }), '/v1/plots/..%2Fme%3Fx%3D1?run=3')
})
