// The clerk brings in a file with errors and reads which rows were not used, and why; the officer reads it too.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'

// The numbers are the examples of GB 11643; the second row's check character is wrong, the third says neither yes nor no.
const numbers = ['11010519491231002X', '110105194912310021', '440524188001010014']
const debtors = `id_number,list,listed,day\n${numbers[0]},court,true,2024-07-01\n${numbers[1]},court,true,2024-07-01\n${numbers[2]},tax,maybe,2024-07-01\n`

export default async function imports(p) {
  const { page } = p
  const bring = async (name, text) => {
    await page.setInputFiles('#import-file', { name, mimeType: 'text/csv', buffer: Buffer.from(text) })
    await page.getByRole('button', { name: 'Import', exact: true }).click()
  }
  const counts = async () => (await page.locator('.counts dd').allInnerTexts()).map(Number)
  const report = () => p.state().get('item')

  await p.become('clerk', '#lang=en&page=imports')
  await page.selectOption('#import-feed', 'lists')
  await bring('debtors.csv', debtors)
  await page.getByRole('heading', { name: /Import \d+: Yes\/no lists/ }).waitFor()
  const first = report()
  assert.deepEqual((await counts()).slice(0, 3), [3, 1, 2], 'rows, good, rejected')
  const rejects = page.locator('.rejects tbody tr')
  await rejects.nth(1).waitFor()
  const said = await rejects.allInnerTexts()
  assert.match(said[0], /3\s+id_number\s+\(18 characters, not shown\)\s+the check character of the ID number is wrong/)
  assert.match(said[1], /4\s+listed\s+maybe\s+it is neither yes nor no\s+write true or false/)
  const body = await page.locator('body').innerText()
  for (const n of numbers) assert.ok(!body.includes(n), 'no ID number is shown')
  await p.accessible('imports, English')
  await p.shot('imports', true)

  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download all (CSV)' }).click()])
  const text = await readFile(await file.path(), 'utf8')
  assert.ok(text.startsWith('\ufefffeed,file,row') && text.includes('身份证号校验码错误') && text.trim().split('\n').length === 3, text)

  // The same file again changes nothing.
  await bring('debtors.csv', debtors)
  await p.until('the second import is shown', async () => report() !== first && (await page.locator('.counts dd').count()) > 0)
  await page.getByRole('heading', { name: `Import ${report()}: Yes/no lists` }).waitFor()
  assert.deepEqual(await counts(), [3, 1, 2, 0, 0, 1])

  // What cannot be read at all is refused with the reason.
  await page.selectOption('#import-feed', 'policies')
  await bring('other.csv', 'a,b\n1,2\n')
  await page.getByText(/The file cannot be read: .*headings/).waitFor()

  await page.getByRole('button', { name: '中文' }).click()
  await page.getByText('身份证号校验码错误').waitFor()
  await p.accessible('imports, Chinese')
  await page.setViewportSize({ width: 390, height: 844 })
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390, 'nothing is wider than the phone')
  await p.shot('imports-phone-zh', true)
  await page.setViewportSize({ width: 1440, height: 900 })

  await p.become('officer', `#lang=en&page=imports&item=${first}`)
  await rejects.nth(1).waitFor()
  assert.equal(await page.locator('#import-file').count(), 0, 'only clerks import')
  await p.signOut()
}
