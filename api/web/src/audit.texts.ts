// What the audit page says.
const en = {
  title: 'Audit', lead: 'Who did what in your counties. Each entry holds the hash of the one before it, so that none can be changed, taken out or put in unseen.',
  log: 'The log', looks: 'Who looked at whom', looksLead: 'Every look at an unmasked person, with the purpose that was given before anything was shown.', verify: 'Verify the whole log', verifying: 'Following the chain …',
  whole: 'The log is whole', broken: 'The log was tampered with', entries: 'Entries', head: 'Last hash', days: 'Days’ ends compared', lastClosed: 'Last closed', noDays: 'No day’s end is kept outside the database: entries cut off the end together with the head would not be missed.',
  asker: 'Who', act: 'Act', subject: 'To what', from: 'From day (UTC)', to: 'To day (UTC)', find: 'Show', at: 'When (UTC)', role: 'Role', county: 'County', detail: 'Detail', more: 'Earlier entries', none: 'No entry.', purpose: 'Purpose', grower: 'Grower', number: 'No.',
  acts: {} as Record<string, string>, // they are English words already
}
const zh: typeof en = {
  title: '审计', lead: '您所辖县内谁做了什么。每条记录都含有上一条的哈希值，任何修改、删除或插入都会被发现。',
  log: '日志', looks: '谁查看了谁', looksLead: '每次查看未脱敏个人信息的记录，以及事先填写的目的。', verify: '校验全部日志', verifying: '正在沿链核对……',
  whole: '日志完整', broken: '日志被篡改', entries: '记录数', head: '最后哈希', days: '已比对的日终', lastClosed: '最近日终', noDays: '数据库之外没有保存日终：若末尾记录与链头一同被截去，将无法发现。',
  asker: '操作人', act: '操作', subject: '对象', from: '起始日（UTC）', to: '截止日（UTC）', find: '查询', at: '时间（UTC）', role: '角色', county: '县', detail: '详情', more: '更早的记录', none: '没有记录。', purpose: '目的', grower: '主体', number: '序号',
  acts: {
    decide: '即时决策', claim: '圈地', import: '导入', export_claims: '导出圈地', photo: '照片', unmask: '查看个人信息', 'pre-admission': '预准入查询', make_task: '派发任务', take_task: '领取任务', give_back_task: '退还任务', finish_task: '完成任务', drawing: '登记提款', repayment: '登记还款',
    ask_relief: '申请延期', decide_relief: '决定延期', ask_human_review: '申请人工复核', decide_human_review: '决定人工复核', propose_approval_rule: '提出双签额度', confirm_approval_rule: '确认双签额度', clear_keys: '清理请求键',
    'propose credit policy': '提出信贷政策', 'judge credit policy': '审定信贷政策',
  },
}
export const auditTexts = { en, zh }
