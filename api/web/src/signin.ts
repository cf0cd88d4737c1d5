// Sign-in by OIDC: an authorization code with PKCE (RFC 7636). The ID token
// stays in the tab (sessionStorage) and is sent to the service, which checks it.

const tokenKey = 'parus.token'
const begunKey = 'parus.sign-in'

interface Provider {
  authorization_endpoint: string
  token_endpoint: string
  end_session_endpoint?: string
}

interface Begun {
  state: string
  nonce: string
  verifier: string
  hash: string
}

export const token = (): string | null => sessionStorage.getItem(tokenKey)
export const forget = (): void => sessionStorage.removeItem(tokenKey)

const back = () => location.origin + '/'

async function json<T>(address: string, init?: RequestInit): Promise<T> {
  const response = await fetch(address, init)
  if (!response.ok) throw new Error(`${address} answered ${response.status}`)
  return (await response.json()) as T
}

async function whom(): Promise<{ issuer: string; client: string; provider: Provider }> {
  const { issuer, client } = await json<{ issuer: string; client: string }>('/v1/sign-in')
  return { issuer, client, provider: await json<Provider>(issuer.replace(/\/$/, '') + '/.well-known/openid-configuration') }
}

/** base64url writes bytes without padding (RFC 4648 § 5). */
export function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}

/** challengeOf is the S256 challenge of a verifier. */
export async function challengeOf(verifier: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))))
}

/** claimsOf reads a token's claims; whether it is genuine is for the service to say. */
export function claimsOf(idToken: string): { nonce?: string; exp?: number; iss?: string; sub?: string } {
  const part = (idToken.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/')
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(part), (c) => c.charCodeAt(0)))) as { nonce?: string; exp?: number; iss?: string; sub?: string }
}

const secret = () => base64url(crypto.getRandomValues(new Uint8Array(32)))

/** begin leaves for the identity provider, which sends back to here. */
export async function begin(): Promise<void> {
  const { client, provider } = await whom()
  const begun: Begun = { state: secret(), nonce: secret(), verifier: secret(), hash: location.hash }
  sessionStorage.setItem(begunKey, JSON.stringify(begun))
  const q = new URLSearchParams({
    response_type: 'code', client_id: client, redirect_uri: back(), scope: 'openid profile', state: begun.state, nonce: begun.nonce,
    code_challenge: await challengeOf(begun.verifier), code_challenge_method: 'S256',
  })
  location.assign(provider.authorization_endpoint + '?' + q)
}

/** finish takes the code that the provider sent back; false where there is none. */
export async function finish(): Promise<boolean> {
  const q = new URLSearchParams(location.search)
  if (!q.has('code') && !q.has('error')) return false
  const kept = sessionStorage.getItem(begunKey)
  sessionStorage.removeItem(begunKey)
  const begun = kept ? (JSON.parse(kept) as Begun) : null
  history.replaceState(null, '', '/' + (begun?.hash ?? ''))
  if (q.has('error')) throw new Error(q.get('error_description') ?? q.get('error')!)
  if (!begun || q.get('state') !== begun.state) throw new Error('this sign-in was not begun here')
  const { client, provider } = await whom()
  const got = await json<{ id_token?: string }>(provider.token_endpoint, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'authorization_code', code: q.get('code')!, redirect_uri: back(), client_id: client, code_verifier: begun.verifier }),
  })
  if (!got.id_token || claimsOf(got.id_token).nonce !== begun.nonce) throw new Error('the identity provider answered another sign-in')
  sessionStorage.setItem(tokenKey, got.id_token)
  return true
}

/** personOf is who a token says that one is, by his provider's own name for him. */
export function personOf(idToken: string): string {
  try {
    const { iss, sub } = claimsOf(idToken)
    return JSON.stringify([iss, sub])
  } catch {
    return idToken // a service token says nothing of its bearer
  }
}

/** leave signs out here and, where it can be reached and offers that, at the provider; false where the page stays. */
export async function leave(): Promise<boolean> {
  const hint = token()
  forget()
  const end = await whom().then((w) => w.provider.end_session_endpoint ?? '', () => undefined)
  if (end === undefined) return false
  location.assign(end && hint ? end + '?' + new URLSearchParams({ id_token_hint: hint, post_logout_redirect_uri: back() }) : '/')
  return true
}
