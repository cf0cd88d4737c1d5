// What the fields of records are called in both languages. English says a field's own name with blanks, unless it stands here.

export const en: Record<string, string> = {
  authority: 'vouched for by', valid_from: 'from', valid_to: 'to', area_m2: 'area', surveyed_m2: 'surveyed area', stated_m2: 'stated area', id: 'parcel', basic: 'permanent basic farmland', rent_fen_per_mu: 'rent',
  watts: 'power', grams: 'weight', price_per_50kg: 'price of 50 kg', due: 'due', source_crs: 'coordinates', use: 'use of land', sum_insured_per_mu: 'insured per mu', parcel_ids: 'parcels', yield: 'yield',
  from: 'given by', to: 'taken by',
}

export const zh: Record<string, string> = {
  authority: '出具方', valid_from: '起', valid_to: '止', received: '收到日期', county: '县', grower_id: '种植户编号', parcel_id: '地块', parcel_ids: '地块', id: '地块', name: '名称', area: '面积', area_m2: '面积',
  surveyed_m2: '实测面积', stated_m2: '自报面积', method: '测定方式', use: '土地利用类型', basic: '永久基本农田', notes: '说明', assumed: '按推定', source_crs: '坐标系', season: '季', crop: '作物', crops: '作物', kind: '类型',
  contract_id: '承包合同', transfer_id: '流转合同', certificate_id: '权证', policy_id: '保单', subsidy_id: '补贴申报', debt_id: '借款', claim_id: '圈地', machine_id: '农机', purchase_id: '收购', meter_id: '表号', notice_id: '灾害通报',
  household_id: '户', household: '户', relation: '与户主关系', note: '备注', home: '住所', mode: '流转方式', from: '转出方', to: '转入方', signed: '签订日期', rent_fen_per_mu: '租金', rent: '租金', chain: '流转链', leased: '流转地',
  product: '产品', requested: '申请金额', declared_debt: '自报负债', acts_for: '代表', planting: '播种日期', cost: '成本', yield: '产量', sum_insured_per_mu: '每亩保额', beneficiary: '第一受益人', pledged: '已质押', village: '村',
  lender: '贷款机构', purpose: '用途', outstanding: '余额', due: '到期日', days_past_due: '逾期天数', issued: '发证日期', status: '状态', market: '市场', day: '日期', price_per_50kg: '每50千克价格', level: '等级', places: '地点',
  affected: '受灾面积', loss: '损失率', watts: '功率', bought: '购置日期', subsidy: '补贴', buyer: '收购方', grams: '重量', paid: '货款', amount: '数量', list: '名单', listed: '在列', year: '年', total: '总成本', materials: '物质与服务费用',
  hired_labour: '雇工费用', family_labour: '家庭用工折价', own_land: '自营地折租', split: '分项', production: '生产成本', labour: '人工成本', land: '土地成本', net_profit: '净利润', cash_income: '现金收益', owner_id: '承包方', taken: '测绘日期',
}

export const sayings = {
  en: { open: 'Show the record', loading: 'Reading the record…', none: 'The run’s evidence holds no such record.', from: 'Record of the feed' },
  zh: { open: '查看记录', loading: '正在读取…', none: '该批次的证据中没有这条记录。', from: '数据来源' },
}
