# SPDX-License-Identifier: GPL-2.0
#
# jq --slurpfile schema SCHEMA -f schema.jq: where the input is not as the schema says,
# as far as softres.schema.json makes use of JSON schemas; nothing if it is. A member that
# it does not describe is wrong here, though not for those who know an older schema.

def kind: if type == "number" then (if floor == . then "integer", "number" else "number" end)
	else type end;

def wrong($s; $at):
	(if $s.type then
		([kind] as $kinds | [$s.type] | flatten | map(select(IN($kinds[]))) |
			if length == 0 then "\($at): is no \($s.type)" else empty end)
	else empty end),
	(if $s.enum and ([.] | inside($s.enum) | not) then "\($at): \(.) is not in \($s.enum)"
	else empty end),
	(if type == "object" and $s.properties then
		(keys[] as $k | if $s.properties[$k] then .[$k] | wrong($s.properties[$k]; "\($at).\($k)")
			else "\($at).\($k): is not described" end),
		($s.required // [] | .[]) as $k | if has($k) then empty else "\($at).\($k): is missing" end
	else empty end),
	(if type == "array" and $s.items then
		range(length) as $i | .[$i] | wrong($s.items; "\($at)[\($i)]")
	else empty end);

wrong($schema[0]; "")
