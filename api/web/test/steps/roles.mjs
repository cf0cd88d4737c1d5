// Others sign in: each sees what the contract gives his role, and a stolen or forged sign-in is none.
import assert from 'node:assert/strict'

export default async function roles(p) {
  const { page } = p
  await p.become('officer', '#lang=en')
  await p.signOut()
  assert.equal(await page.evaluate(() => sessionStorage.getItem('parus.token')), null)
  await page.goto(p.address + '?code=stolen&state=other')
  await page.getByText(/this sign-in was not begun here/).waitFor()
  await p.become('clerk', '#lang=en')
  await p.rows().first().waitFor()
  assert.deepEqual(await page.locator('#theme option').evaluateAll((o) => o.map((x) => x.value)), ['crop', 'grade', 'yield', 'risk'], 'clerks see no decisions')
  await p.rows().first().click()
  await page.getByText('Your role does not see decisions.').waitFor()
  await p.become('partner', '#lang=en')
  await page.getByRole('heading', { name: /^County dashboard/ }).waitFor() // who sees no land begins with what he sees
  await page.getByRole('button', { name: 'Map', exact: true }).click()
  await page.getByText('Your role sees statistics, not land.').waitFor()
  await page.evaluate(() => sessionStorage.setItem('parus.token', 'forged.token.x'))
  await page.reload()
  await page.getByText(/Your sign-in has ended/).waitFor()
}
