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
