package feeds

import "github.com/parus-lending/parus/parcels"

// modes are ways of transfer (LZFS). Other words stay as they are: no rule
// rests on them.
var modes = words{
	"转包": "subcontract", "出租": "lease", "租赁": "lease", "互换": "exchange", "转让": "assignment",
	"入股": "shares", "托管": "trust", "其他": "other",
}

func contract(r *row) parcels.Contract {
	c := parcels.Contract{
		Provenance: r.provenance(),
		ContractID: r.code("contract_id"), ParcelID: r.parcel("parcel_id"),
		GrowerID: r.person(), AreaM2: r.area(), Village: r.place("village"), Crop: r.crop(),
	}
	if c.ParcelID == "" {
		r.s.odd["area_only"]++
	}
	return c
}

func transfer(r *row) parcels.Transfer {
	t := parcels.Transfer{
		Provenance: r.provenance(),
		TransferID: r.code("transfer_id"), ContractID: r.code("contract_id"), ParcelID: r.parcel("parcel_id"),
		From:   r.grower("from", "from_id_number", "contractor_id", "from_grower_id", "from_name"),
		To:     r.grower("to", "to_id_number", "to_contractor_id", "to_grower_id", "to_name"),
		AreaM2: r.area(), Signed: r.date("signed"), Village: r.place("village"), Crop: r.crop(), RentFenPerMu: int64(r.fen("rent_yuan_mu", maxPerMu)),
	}
	if t.ParcelID == "" {
		r.s.odd["area_only"]++
	}
	v, _ := r.raw("mode")
	if t.Mode = modes[v]; t.Mode == "" {
		t.Mode = r.text("mode")
	}
	r.set("mode", t.Mode)
	if t.From != "" && t.From == t.To {
		r.rejectRow("giver and taker are the same person", "check both codes")
	}
	return t
}
