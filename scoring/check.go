package scoring

// Check is one cross-check: what it compares, why, and what mends it.
//
// On says what a finding stands on. "parcel": one finding for every grower who
// takes part, on the parcel. "plot": the grower and his plot (imagery judges
// plots). "grower": the grower, no parcel.
type Check struct {
	Code     string
	Sees     string   // records | imagery
	On       string   // grower | parcel | plot
	Needs    []string // feeds without which it stays silent
	What     string
	WhatZH   string
	Why      string
	RemedyEN string
	RemedyZH string
	run      func(b *bench, c Check)
}

// Checks are all cross-checks in the order they run.
var Checks = []Check{
	{"LEASE_ENDS_BEFORE_HARVEST", "records", "parcel", []string{"transfers", "declarations"},
		"The lease of a declared parcel ends before the crop's harvest", "租期在作物收获前届满",
		"Crop that is harvested after the lease may belong to somebody else. The finding is on the taker who declares the crop.",
		"Bring the extended transfer contract, or finance only the stages that the lease covers.", "请提供续租合同，或仅对租期内的环节授信。", leaseEndsBeforeHarvest},
	{"LEASED_OUT_YET_CLAIMED", "records", "parcel", []string{"transfers"},
		"Land leased out for the season is declared, insured or claimed by the one who leased it out", "已转出的土地仍由转出方申报、投保或领取补贴",
		"The one who farms it carries cost and risk. The finding is on the giver of the lease.",
		"Show that the lease was ended, or take the parcel off the application.", "请提供流转终止证明，或从申请中剔除该地块。", leasedOutYetClaimed},
	{"NOT_THE_FARMER", "records", "parcel", []string{"contracts", "transfers", "declarations"},
		"The declared parcel is farmed by somebody else by contract and leases", "按承包与流转合同，申报地块由他人经营",
		"A loan must go to the one who farms. The finding is on the one who declares.",
		"Bring the transfer contract for the parcel.", "请提供该地块的流转合同。", notTheFarmer},
	{"LAND_PLEDGED_TWICE", "records", "parcel", []string{"debts"},
		"The same parcel stands behind active debts of two lenders", "同一地块为两家机构的在途贷款作担保",
		"The second pledge is worth nothing. The finding is on every borrower of these debts.",
		"Bring the release of one pledge.", "请提供其中一笔担保的解除证明。", landPledgedTwice},
	{"INSURED_TWICE", "records", "parcel", []string{"policies"},
		"Two policies insure the same crop on the same parcel at the same time", "同一地块同一作物同期重复投保",
		"Cover counts once. The finding is on every insured of these policies.",
		"Cancel one policy, or have the insurer correct the parcels.", "请退保其中一份，或由保险机构更正承保地块。", insuredTwice},
	{"INSURED_AREA_EXCEEDS_LAND", "records", "grower", []string{"policies", "contracts", "transfers"},
		"More land is insured than there is", "投保面积大于可核实的土地面积",
		"Insured area beyond the land is no cover and may be fraud.",
		"Have the insurer correct the area, or bring the contracts of the further land.", "请由保险机构更正面积，或补充其余土地的合同。", insuredExceedsLand},
	{"POLICY_ENDS_BEFORE_HARVEST", "records", "grower", []string{"policies"},
		"The policy ends before the crop's harvest", "保险期间在作物收获前届满",
		"Losses near harvest would not be covered.",
		"Extend the cover to the harvest.", "请将保险期间延长至收获。", policyEndsBeforeHarvest},
	{"SUBSIDY_CROP_DIFFERS", "records", "parcel", []string{"subsidies", "declarations"},
		"The subsidy is claimed for a crop that is not declared on the parcel", "补贴申报作物与种植申报不一致",
		"One of the two is wrong. The finding is on the one who claims the subsidy.",
		"Correct the declaration or the subsidy claim.", "请更正种植申报或补贴申报。", subsidyCropDiffers},
	{"SUBSIDY_TWICE", "records", "parcel", []string{"subsidies"},
		"The subsidy for one parcel, season and crop is claimed twice", "同一地块同季同作物重复申报补贴",
		"Only one can be right. The finding is on every grower who claims.",
		"Withdraw one claim.", "请撤回其中一项申报。", subsidyTwice},
	{"LEASE_OVERLAP", "records", "parcel", []string{"transfers"},
		"One giver leased the parcel to two takers for the same days", "同一转出方将同一地块同期流转给两方",
		"Only one of them can farm it. The finding is on the giver and on each taker.",
		"Settle with the village which contract holds.", "请由村集体确认有效的流转合同。", leaseOverlap},
	{"LEASE_EXCEEDS_CONTRACT", "records", "parcel", []string{"transfers", "contracts"},
		"The lease runs longer than the contract it rests on", "流转期限超过承包期剩余期限",
		"Beyond the contract the lease is void. The finding is on the taker.",
		"Shorten the lease or bring the extended contract.", "请调整流转期限，或提供延包合同。", leaseExceedsContract},
	{"UNDECLARED_DEBT", "records", "grower", []string{"roster", "debts"},
		"More is owed than was declared", "实际负债高于自报负债",
		"Debt that was kept back is the most common cause of default.",
		"Explain the difference or bring proof of repayment.", "请说明差额或提供还款证明。", undeclaredDebt},
	{"PARCEL_OVERLAP", "records", "parcel", nil,
		"Two registry parcels cover the same land", "登记地块图形重叠",
		"The same land would count twice. The finding is on the farmer of each parcel.",
		"Have the registry correct the polygons.", "请由登记机构更正图形。", parcelOverlap},
	{"CONTRACT_AREA_DIFFERS", "records", "parcel", []string{"contracts"},
		"The contract area differs from the surveyed area", "合同面积与实测面积不符",
		"The smaller area counts; the difference must be explained. The finding is on the one who farms the parcel.",
		"Bring the survey sheet or the corrected contract.", "请提供测绘成果或更正后的合同。", contractAreaDiffers},
	{"OVERDUE_DEBT", "records", "grower", []string{"debts"},
		"A debt is past due", "存在逾期债务",
		"A borrower behind with one loan is likely to fall behind with the next.",
		"Bring proof of repayment.", "请提供还款证明。", overdueDebt},
	{"CERTIFICATE_NOT_VALID", "records", "parcel", []string{"certificates", "contracts", "transfers"},
		"The certificate of the right to the land is cancelled and no other stands", "承包经营权证已注销且无有效权证",
		"Without a certificate the right to the land is open. The finding is on the contractor who farms the land himself.",
		"Bring the new certificate, or the registry's note why the old one was cancelled.", "请提供新权证，或登记机构出具的注销说明。", certificateNotValid},
	{"CLAIM_OFF_REGISTRY", "records", "grower", []string{"claims", "contracts", "transfers"},
		"Land that the grower drew or walked is not land that he farms by the registry", "圈定土地不在其经营的登记地块内",
		"Who walks round a field shows what he believes is his; the registry and the leases say whose it is.",
		"Walk round the land again with the officer, or bring the contract of the further land.", "请与客户经理重新绕行圈地，或补充其余土地的合同。", claimOffRegistry},
	{"CLAIMS_OVERLAP", "records", "grower", []string{"claims"},
		"Two growers claim the same land", "两个主体圈定同一土地",
		"The land would be financed twice. The finding is on both.",
		"Settle on the spot who farms it.", "请现场确认实际经营人。", claimsOverlap},
	{"HOME_FAR_FROM_LAND", "records", "grower", []string{"contractors"},
		"The grower's home village lies far from land that he farms", "户籍村与经营土地相距过远",
		"Land that nobody can reach in a day is farmed by somebody else, or the person only lends his name.",
		"Say who works the land and where he lives.", "请说明实际耕作人及其住所。", homeFarFromLand},
	{"PERSON_DECEASED", "records", "grower", nil,
		"The applicant is recorded as deceased", "申请人已登记为死亡",
		"A dead person cannot borrow: somebody uses his papers, or the registry still names him.",
		"Have the heir or the household's new head apply.", "请由继承人或新户主申请。", personDeceased},
	{"PERSON_MINOR", "records", "grower", nil,
		"The applicant is not of age", "申请人未成年",
		"A contract with a minor does not bind.",
		"Have an adult of the household apply.", "请由户内成年人申请。", personMinor},
	{"COURT_LISTED", "records", "grower", []string{"lists"},
		"The applicant stands on the court's list of debtors who do not pay", "申请人在法院失信被执行人名单中",
		"Who does not obey a judgment will not pay a loan, and what he earns may be seized.",
		"Bring the court's note that the debt is settled.", "请提供法院的履行完毕证明。", courtListed},
	{"TAX_LISTED", "records", "grower", []string{"lists"},
		"The applicant stands on the tax office's list", "申请人在税务欠税名单中",
		"Taxes owed come before the loan.",
		"Bring the tax office's note that nothing is owed.", "请提供税务机关的完税证明。", taxListed},
	{"COST_OFF_SURVEY", "records", "grower", []string{"declarations", "costs"},
		"The stated cost of a crop lies far off the county's survey", "自报成本与县域成本调查相差过大",
		"A loan that follows an invented cost finances something else.",
		"Bring invoices and contracts for the season's inputs.", "请提供本季投入品的发票与合同。", costOffSurvey},
	{"RENT_OFF_SURVEY", "records", "parcel", []string{"transfers", "declarations", "costs"},
		"The rent of leased land lies far off the county's survey", "流转租金与县域成本调查相差过大",
		"A rent nobody pays points to a contract made for the loan. The finding is on the taker.",
		"Bring the proof of the last payment of rent.", "请提供最近一期租金的付款凭证。", rentOffSurvey},
	{"YIELD_HISTORY_IMPLAUSIBLE", "records", "grower", []string{"declarations", "statistics"},
		"The stated usual yield is beyond the county's best year and the land's own past", "自报常年亩产超出本县最好年份及该地块往年水平",
		"Sales that cannot be will not repay. Where earlier seasons were seen on the land, they must contradict too.",
		"Bring receipts of sales of earlier seasons.", "请提供往年的销售凭证。", yieldHistoryImplausible},
	{"SALES_EXCEED_LAND", "records", "grower", []string{"purchases", "statistics", "contracts", "transfers"},
		"More of a crop was sold within a year than the land can bear", "一年内售出的产量超过土地所能产出",
		"Somebody else's crop is sold under the grower's name, or land is not known.",
		"Name the further land, or say whose crop it was.", "请说明其余土地，或说明产品来源。", salesExceedLand},
	{"METER_EXCEEDS_LAND", "records", "grower", []string{"meters", "contracts", "transfers"},
		"More water for fields was metered than the land can take", "农业用水量超过土地所需",
		"The water goes to other land or another use, or the land is not as stated.",
		"Say what the meter serves.", "请说明该水表的用途。", meterExceedsLand},
	{"MACHINERY_EXCEEDS_LAND", "records", "grower", []string{"machinery", "contracts", "transfers"},
		"Far more machinery is listed than the land can use", "登记农机远超土地所需",
		"Machines bought for the subsidy, or a service business that the loan is not for.",
		"Show the contracts of the machine service.", "请提供农机作业服务合同。", machineryExceedsLand},
	{"CROP_DIFFERS", "imagery", "plot", []string{"declarations"},
		"Imagery shows a crop that is not declared on the plot", "影像识别作物与申报不一致",
		"Cost, yield and price depend on the crop.",
		"Correct the declaration, or send a dated photograph of the field.", "请更正申报，或上传带日期的地块照片。", cropDiffers},
	{"LAND_FALLOW", "imagery", "plot", []string{"declarations"},
		"No crop is seen where a declared crop should stand", "应有作物的地块未见种植",
		"There is nothing to finance and nothing to sell.",
		"Send a dated photograph of the field, or take the plot off.", "请上传带日期的地块照片，或剔除该地块。", landFallow},
	{"INSURED_AREA_EXCEEDS_SEEN", "imagery", "grower", []string{"policies", "declarations"},
		"More of a crop is insured than is seen to grow", "投保面积明显大于影像所见面积",
		"Cover for a crop that is not there will not pay.",
		"Have the insurer correct the area or the crop.", "请由保险机构更正面积或作物。", insuredExceedsSeen},
	{"NON_GRAIN_ON_BASIC_FARMLAND", "imagery", "plot", nil,
		"A crop other than grain, or bright cover, is seen on permanent basic farmland", "永久基本农田上种植非粮作物或存在设施覆盖",
		"Non-grain use of basic farmland is curbed; the land may be ordered back.",
		"Bring the approval of the use.", "请提供用途批准文件。", nonGrain},
	{"HISTORY_DIFFERS", "imagery", "plot", []string{"declarations"},
		"The declared crop was never seen on the plot in earlier seasons", "往年影像未见所申报作物",
		"A new crop is a risk worth a question, no more.",
		"No action needed; say why the crop changed if asked.", "无需处理；如被问及请说明改种原因。", historyDiffers},
}

// CheckOf finds a check by its code.
func CheckOf(code string) (Check, bool) {
	for _, c := range Checks {
		if c.Code == code {
			return c, true
		}
	}
	return Check{}, false
}
