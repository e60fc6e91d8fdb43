"""Valid examples of every text format that is read; the fuzzer mutates them."""

from __future__ import annotations

import polars as pl

CONTACTS = (
    b"""time,a,b,kind,minutes,group
2026-03-01 10:00,ana,binh,call,20,red
2026-03-02T11:30Z,binh,chi,visit,0:20,blue
2026-03-04,chi,ana,,,
""",
    b"""Date;From;To;Mood
25/03/2026 18:30;ana;binh|chi;good
03/04/2026 6:30 pm;ana;chi;
""",
    b'"When"\t"Who"\t"Whom"\n"1700000000"\t"a, b"\t"c"\n1700000000000\tx\ty\n46000\tx\tz\n',
)

ATTENDANCE = (
    b"""event,start,person,minutes,status
choir,2026-03-01 19:00,ana,60,present
choir,2026-03-01 19:00,binh,60,absent
""",
    b"""Meeting,Join time,Name,Duration
"Sunday, big",1/3/2026 10:02,Ana Lima,1:02:03
Sunday,15/3/2026 10:05,Binh,5
""",
)

PEOPLE = (
    b"""id;name;time zone;availability;joined;can mentor;capacity
1;Ana;Europe/Lisbon;Mon-Fri 18-22;2025-01-01;yes;3
2;Binh;;;;no;
""",
    b"""id,name,aliases,email,language,place,role,degree,paused_until,consent
p1,Ana,A|An,a@example.org,pt|en,Porto,guide,2,2026-12-01,yes
""",
)

TRACES = (
    b"""20 1 2
40 2 3
60 1 3
""",
    b"""1 2 1082040961
3 4 1082155839
""",
    b"""# tij
31220 1170 1644 5A 5B
31240 1170 1644 5A 5B
""",
)

GRAPHS = (
    b"""source,target,weight,type
ana,binh,2,Undirected
binh,chi,3.5,Directed
""",
    b"# FromNodeId\tToNodeId\n0\t1\n1\t2\n2\t0\n",
    b"""ana binh chi
binh dan
chi
""",
    b""",a,b,c
a,0,1,0
b,1,0,2
c,0,2,0
""",
    b"""0 1 {'weight': 2.0}
1 2 {'weight': 1}
""",
    b""""from" "to"
"1" "ana" "binh"
"2" "binh" "chi"
""",
    b"""ana knows binh chi
binh knows dan
""",
    b"""SUID,interaction,name
1,interacts with,ana (interacts with) binh
2,interacts with,binh (interacts with) chi
""",
)

GRAPHML = (
    b'<?xml version="1.0"?><graphml xmlns="http://graphml.graphdrawing.org/xmlns"><key id="d0" for="edge" '
    b'attr.name="weight" attr.type="double"><default>1</default></key><graph edgedefault="undirected"><nod'
    b'e id="a"/><node id="b"><data key="x">1</data></node><edge source="a" target="b" directed="true"><dat'
    b'a key="d0">2.5</data></edge></graph></graphml>',
    b'<gexf version="1.3"><graph defaultedgetype="directed" mode="dynamic" timeformat="date"><attributes c'
    b'lass="edge"><attribute id="0" title="weight"/></attributes><nodes><node id="a" label="Ana"/><node id'
    b'="b"/></nodes><edges><edge source="a" target="b" weight="2" start="2026-01-01" end="2026-02-01"><att'
    b'values><attvalue for="0" value="3"/></attvalues><spells><spell start="2026-01-05"/></spells></edge><'
    b'edge source="b" target="a" timestamps="&lt;[1,2]&gt;"/></edges></graph></gexf>',
)

GML = (
    b"""Creator "x"
graph [
 directed 1
 node [ id 0 label "Ana &amp; co" g [ x 1 ] ]
 node [ id 1 label "B" ]
 edge [ source 0 target 1 value 2 ]
]
""",
)

PAJEK = (
    b"""*Vertices 3
1 "Ana" 0.1 0.2 ic Red
2 "Binh"
3 "Chi"
*Arcs
1 2 1.5 [1-3]
*Edges
2 3
*Arcslist
1 2 3
""",
    b"""*Vertices 2
*Matrix
0 1
1 0
""",
)

JSONS = (
    b'{"directed": false, "nodes": [{"id": "a"}, {"id": "b"}], "links": [{"source": "a", "target": "b", "weight": 2}]}',
    b'{"nodes": [{"name": "a"}, {"name": "b"}], "edges": [{"from": 0, "to": 1, "value": 2}]}',
    b'{"directed": true, "nodes": [{"id": 1}, {"id": 2}], "adjacency": [[{"id": 2}], [{"id": 1, "weight": 0.5}]]}',
    b'{"elements": {"nodes": [{"data": {"id": "a", "name": "Ana"}}, {"data": {"id": "b"}}], "edges": [{"da'
    b'ta": {"source": "a", "target": "b"}}]}}',
    b'{"a": ["b", "c"], "b": ["a"], "c": []}',
    b'{"a": {"b": {"weight": 2}, "c": 1}, "b": {}}',
)

HIF = (
    b'{"network-type": "undirected", "nodes": [{"node": "a", "weight": 1}, {"node": 2}], "edges": [{"edge"'
    b': "red"}], "incidences": [{"node": "a", "edge": "red"}, {"node": 2, "edge": "red"}, {"node": "c", "e'
    b'dge": "blue"}]}',
)

MEMBERS = (
    b"""person,group,status
ana,red,present
binh,red,absent
ana,blue,Present (late)
""",
    b"1\t10\n2\t10\n2\t11\n",
)

TIMED = (
    b"""20 1 2
20 2 5
60 1 2
""",
    b"""time,source,target,end
2026-03-01,ana,binh,2026-03-02
2026-03-03,binh,chi,2026-03-03
""",
    GRAPHML[1],
)

SPECS = (
    b"""steps = 5
replicates = 2
seed = 1
[model]
library = "sir"
chance = 0.1
[graph]
generator = "erdos_renyi"
n = 50
mean_degree = 4.0
[start]
I = 3
""",
    b"""steps = 5
clock = "continuous"
people = 60
[model]
library = "bass"
[start]
A = 0.1
""",
    b"""[model]
name = "own"
states = ["S", "I"]
rules = [{kind = "contact", source = "S", target = "I", via = "I", chance = 0.1, layer = "a"}]
[graph.a]
generator = "watts_strogatz"
n = 40
degree = 4
chance = 0.1
[start]
I = [0, 1]
[traits]
bold = {low = 0.1, high = 0.9}
""",
    b"""steps = 3
[model]
library = "simplicial"
[graph]
generator = "barabasi_albert"
n = 40
ties = 3
[groups]
cliques = 3
[start]
I = 5
""",
    b"""steps = 4
[model]
library = "threshold"
fraction = 0.2
[graph]
generator = "stochastic_block"
sizes = [20, 20]
mean_degree = [[3.0, 1.0], [1.0, 3.0]]
[start]
A = 0.2
""",
)

LOCKS = (
    b"""rule,person,with
in,p1,1
not in,p2,2
together,p1,p2
apart,Ana,p3
""",
)

MANIFESTS = (b'{"version": 1, "files": {"a/b.csv": "00", "c": "11"}, "commands": {"c": "plan"}, "before": {}, "placing": null}',)

MODEL = b"""[model]
name = "own"
states = ["S", "I"]
rules = [{kind = "contact", source = "S", target = "I", via = "I", chance = 0.1, layer = "a"}]
"""

RECORD = (
    b'{"spec": {"steps": 3, "start": {"I": 1}, "people": 9, "model": {"library": "sir"}}, "seed": 1, "fold'
    b'er": ".", "networks": {}}'
)

ROSTER = pl.DataFrame({"id": ["p1", "p2", "p3"], "name": ["Ana", "Binh", "Ana B"]})

NAMES = (
    "id",
    "name",
    "time",
    "a",
    "b",
    "event",
    "start",
    "person",
    "minutes",
    "timezone",
    "availability",
    "joined",
    "degree",
    "status",
    "kind",
)
GRAPH_NAMES = ("source", "target", "weight", "type", "time", "end", "person", "group", "status")
