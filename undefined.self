/tmp/w/d/test/end-to-end/sessions.test.ts self 3.15 total 30.37
/tmp/w/d/test/end-to-end/key-rotation.test.ts self 3.2 total 30.42
