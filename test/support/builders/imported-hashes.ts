/**
 * Hashes of `password` and of `unicodePassword`, each made by the named library itself: Werkzeug's
 * generate_password_hash, Django's make_password, bcrypt.hashpw, passlib.hash.*, argon2.PasswordHasher, PHP's
 * password_hash and Apache's htpasswd.
 */
export const password = 'correct horse battery staple'
export const hashes: readonly (readonly [string, string])[] = [
  [
    'Werkzeug 2.2.2 default',
    'pbkdf2:sha256:260000$pCBciPIM7z948l3r$4f3bbd1563a5073ce855c1fd27053dab21ec82c2b247a27fe090dc62fd5c8902',
  ],
  ['Django 3.2.25 PBKDF2', 'pbkdf2_sha256$260000$zW1a3rPRVpgzMqEhm2kw5p$zLKTgVrNYcxmFf2jW99kVHST6JtUNpda7tbZOqOMODk='],
  [
    'Django 3.2.25 Argon2',
    'argon2$argon2id$v=19$m=102400,t=2,p=8$ZW9kdXJmMkMxelhsS1hYYlRtclVnOA$VCwUUZ0SOpUByZCGuAiIIQ',
  ],
  ['bcrypt 3.2.2 2b', '$2b$10$ym/duMw5UH7TOqJRTl6jo.yDZNECrAmPIhIQsTd3pIjIoO8IXt4rW'],
  ['bcrypt 2a', '$2a$10$Hl4aGxgc/4daBUMA6.jhle8jA0hAwF3gR2Hb9KOgTNas42G4AHaZC'],
  ['passlib 1.7.4 argon2id', '$argon2id$v=19$m=8192,t=2,p=2$Q6i1thZirNUaYyyllJJybg$FoWREtDYCyQhgaXVg96m9g'],
  ['passlib argon2i', '$argon2i$v=19$m=4096,t=3,p=1$PyfknHMuBcAY4zyHsLY2Bg$zVKX8U2yW9xvJA22ZSLDcQ'],
  ['passlib scrypt', '$scrypt$ln=14,r=8,p=1$7p3T2hsjZKyVUspZ6/0/xw$8kIdP1oOQwsnHG8u6Hzrh+Ix3rroKRDLDkKq15r1+AE'],
  ['passlib pbkdf2-sha256', '$pbkdf2-sha256$29000$g7A2xngPwfhfa83535vzXg$VPFi7b8.9HWYFl1mwiwuO3dNyeKUsPyf3LioDOgy6L8'],
  [
    'passlib pbkdf2-sha512',
    '$pbkdf2-sha512$25000$2bvXmlOKMQYAwBjD.D.HMA$zdR44Yiz1SK.wrgewrew9kELsoUNp8HH1oR4roT3p8ulGsqAfUGFCF.kVLxi88PyyJY88/BwA4916xgqbbq2Cw',
  ],
  ['argon2-cffi default', '$argon2id$v=19$m=102400,t=2,p=8$d28q/k+lcHCeRCZBERz1uA$l9+cupaZNa86+6D5k0FRuQ'],
  [
    'Werkzeug 3.1.8 scrypt',
    'scrypt:32768:8:1$TvDSVt7VgC5e1FIX$ec0d5bee935e875c7c5e3fe77ed15034d3a3ac5a172b18303b1bf675255d4d8854f9ca010edd2b7b12f7878dae2b1eb1af6b6927011437951bc43ca16d420329',
  ],
  [
    'Werkzeug 3.1.8 scrypt:16384:8:2',
    'scrypt:16384:8:2$6s67zSNNuxkSV3Io$ed5bcc4b6f8cd8d7c0e5155563dc98621525a7a72121faceaa83ac8e134374ec3ff54eacd8369287597affec0151c8f485aa822c44381e0feb52c7a1628feaca',
  ],
  [
    'Werkzeug 3.1.8 pbkdf2:sha256',
    'pbkdf2:sha256:1000000$JZzXgThthazzowjg$9f31ae6507ad42a0bc179cdd6f5875440aed8d4d4fde8cfb98822b9b57af5ca5',
  ],
  [
    'Werkzeug 3.1.8 pbkdf2:sha512:210000',
    'pbkdf2:sha512:210000$9DX5i70fhckkGulR$2afe076d98115740ac7933b119b5315031beb62453fd7e2f51bbcce041850b640531be183a1fb12fc3b7e7f759fafddce39e43711bdebfe2aac5115139668069',
  ],
  [
    'Werkzeug 3.1.8 pbkdf2:sha256:600000',
    'pbkdf2:sha256:600000$P2o8XmKiy95Y2S3O$7fd44bc0cdeca8133ef451f5db1d1dc2d5c74e2fa173296fbdba0b3897c4d76b',
  ],
  ['PHP 8.2.36 2y', '$2y$10$J.lvOIEH3cADEn9gDtjr9uApuO2he1NxWUY8VZGGEy6ysgKdUb2WW'],
  ['Apache htpasswd 2y', '$2y$05$igzLanslWoWj0czJVxdeo.4L6VCv6dxNRZ4NISxWoloPVuXpAxAz2'],
]

export const unicodePassword = 'pässwörd ✓ 密码'
export const unicodeHashes: readonly (readonly [string, string])[] = [
  [
    'Werkzeug 2.2.2 default',
    'pbkdf2:sha256:260000$bXCPGCFWmfhFVKtE$475972070ecf28cb0b1591ff08758c0bc01375592dec410e713b340a9389e43f',
  ],
  ['Django 3.2.25 PBKDF2', 'pbkdf2_sha256$260000$9tx8d6hFQHTS9Gis5ViYEP$E/NWtVFtrvNDXPKAmjNquXaH+ksvE/fcPdV/ZFdsx2I='],
  [
    'Django 3.2.25 Argon2',
    'argon2$argon2id$v=19$m=102400,t=2,p=8$bXY4aVdPVzF2ZzVHT1hxSThBOExDdw$ZKeuKq66HaeQgsQYiYUfKA',
  ],
  ['bcrypt 3.2.2 2b', '$2b$10$WpqY86DmbX8B3UQyiNnaqeI4I3YB.TSPa7XI8u73ytOlqkOjVLLge'],
  ['bcrypt 2a', '$2a$10$xAeNFSTUoPBg0pduoeON1OJeIL4Vye63.6mc1/2Hn5aD70ZzBu9Ta'],
  ['passlib 1.7.4 argon2id', '$argon2id$v=19$m=8192,t=2,p=2$kvLeG6N0rhXCmHPOeU8pxQ$gOzIv0SJFlQWPNsySkt/Zw'],
  ['passlib argon2i', '$argon2i$v=19$m=4096,t=3,p=1$JkTI+R9jbI1x7t37P8fYuw$IJBCH+R7hqAjBK5uXja0Yg'],
  ['passlib scrypt', '$scrypt$ln=14,r=8,p=1$DEGo1ToHYGztXcsZo/T+/w$S9NJp7CgMHfsMbFfrjahCewUU74yvm4LEFBYy1si0D8'],
  ['passlib pbkdf2-sha256', '$pbkdf2-sha256$29000$QigFgFDKOed8r9W6t3bOGQ$X4fuVn6foWOsTUB8nokJsjgJJWBNIa8xs0InqjUdSXI'],
  [
    'passlib pbkdf2-sha512',
    '$pbkdf2-sha512$25000$CYEwJsQYAyBESIlR6v3fGw$KIhNn7UurevFcsYgpM0JFQcmkMPtTXicBXItQsoXAUthc589jFtDLhCFvV0v8kbHir4YkjTvbxTLRwiCId6AfQ',
  ],
  ['argon2-cffi default', '$argon2id$v=19$m=102400,t=2,p=8$hhgPYUj6kDkoymETqcu3hg$8tlYFROCm9f49UF+KtNIIw'],
  [
    'Werkzeug 3.1.8 scrypt',
    'scrypt:32768:8:1$SfDEPILQXpRVmKqM$cca473a9b0c49ebaff455e5516e58b775392437febe9342606243eef623c0b63bc0b4267a6fb85013d52b82df890b8cb91e0408293d69748443b72064264d978',
  ],
  [
    'Werkzeug 3.1.8 scrypt:16384:8:2',
    'scrypt:16384:8:2$X1GHXXQ7SVoJWeP9$8204cd73af734e0cb0f80ae1ff85a6389a1fa381864c33c12aa234df419f7f4ffcbb8aabbb31090ae0b823f66c0ddf003115b96523909316d8e9f1786a712a98',
  ],
  [
    'Werkzeug 3.1.8 pbkdf2:sha256',
    'pbkdf2:sha256:1000000$s37qRhs1eL6AMyLl$bd1f7c1dd1b89e83afd230ad71f05df4a35df7e8bfb44664d85bbf8af541f662',
  ],
  [
    'Werkzeug 3.1.8 pbkdf2:sha512:210000',
    'pbkdf2:sha512:210000$B22GQ8IH8grUEG1o$17f6dc45eab90a1a4b9979a0626eaf7f8830d889f5f777d0112affc9a7ed5d51a001f2df7e752af2fbc9a2cdc71cfad1ab39fb1605d474641c96ded0921a2085',
  ],
  [
    'Werkzeug 3.1.8 pbkdf2:sha256:600000',
    'pbkdf2:sha256:600000$DHskD6lFbjjonmMw$ba0175294a258d52f8701499099df83f12e52c950266b3e2b7e3c1fab61e4cb7',
  ],
  ['PHP 8.2.36 2y', '$2y$10$rZy4hIGHkUh/keSvYKp1Dunjz1C8qLj9h6bFvC87wLArGTWGVPecK'],
  ['Apache htpasswd 2y', '$2y$05$RoLhMEfvYGRWuXYPtHBYnOdw6MlOvjDu3WENtoDzb9vArdd6Y2CYe'],
]

/** bcrypt.hashpw of eighty letters a: it took 72. */
export const bcryptOfEighty = '$2b$08$7R6T392ikRhzDL9aycKq5ebronD8h6azKyu8cUpK84noyKeVXjwvy'

/** Of the schemes that few accounts have; made like those above, by the named library itself. Firebase's is without the signer key. */
export const rareHashes: readonly (readonly [string, string])[] = [
  ['Werkzeug 0.16.1 sha256', 'sha256$8YGzog7M$b67408c01d39d5cc4ea5aa144019d7a15cca5fb054e4eb6eede5774f05285001'],
  ['Werkzeug 0.16.1 md5', 'md5$ybOsx9md$32e76c8714d5387345031cc4cb704179'],
  ['Werkzeug 2.2.3 sha1', 'sha1$tjTe1p7bGxJNKIfU$3a1b803d5206f5444884b289ab21cecaf6d5c782'],
  [
    'Werkzeug 2.2.3 sha512',
    'sha512$6ROlKuH4WzcIkInb$b14884628a2f8ad189ecdda4ffe9a243c22d6738318f3146089a60b7e8f19f3c7785e7c1cf476dd132f9c52f91deaa4b700bcb3006be67977812a12d440378c5',
  ],
  ['Werkzeug 0.16.1 pbkdf2:sha1', 'pbkdf2:sha1:1000$ePfDD5Np$b426ba43fa00fd52bbb35384142efd31222079df'],
  [
    'Werkzeug 2.2.3 pbkdf2:sha384',
    'pbkdf2:sha384:100000$B4F4vxA4vSEYNEKh$f7e55a7a66c4bf235f263aaa97e18c460f6c302dc90a6834326008e67e8273315c71900e2248d2f1b0a56fd7ecbd4012',
  ],
  ['Django 5.2.17 pbkdf2_sha1', 'pbkdf2_sha1$1000000$P3hTyU6bBCLT41SstK973N$nODtvbfhMcu+UH4rxd8oMp7vgZY='],
  ['Django 5.2.17 bcrypt', 'bcrypt$$2b$12$B4bofpMGRcBLUy6MCeel3eIbqFrjyRceLpFyJA1mR4MySwGOaJpZ.'],
  ['Django 5.2.17 bcrypt_sha256', 'bcrypt_sha256$$2b$12$l9ORpSU2D8zNwvDNnWMt6eL8hVk.8Y9.qPeQLyt14y1234SdwYcza'],
  [
    'Django 5.2.17 scrypt',
    'scrypt$16384$zMQbdgwddM4JwZXVFC37n2$8$5$po2T9QlK7oIRIlJmFOnyJ+PnBm2JUrdfeAMphxgiAdXZrPMPjNWRNBCwuk96N58gDoqZP2kgnXU0x1D0ETxOFQ==',
  ],
  ['passlib 1.7.4 pbkdf2_sha1', '$pbkdf2$131000$uHeOce49RyjlPOdci7E2Zg$r8cHXmtoSubFNcmdXinrObv2XSg'],
  ['phpass of WordPress 6.1.9 by PHP 8.2.36', '$P$Bu0/t.Bas1.8YjHsOX8o08U.3GsdIF.'],
  ['passlib 1.7.4 phpass of phpBB', '$H$9TYJE8PcbzhyboosT7V06F/PpKJD9H0'],
  [
    'PHP 8.2.36, as wp_hash_password of WordPress 6.8',
    '$wp$2y$10$BClv6t8Ls8HU9CJIWCWfteiQUFHtnDdeKwXg8kuSUNZpB2zrhX74C',
  ],
  ['passlib 1.7.4 sha256_crypt', '$5$rounds=535000$itaHXoIgZ4/nGXS1$9GEIANYtrX5yvavxKNQ7V2.2wKu8tnbOqoTTbnqjeP7'],
  [
    'passlib 1.7.4 sha512_crypt',
    '$6$.cs2uyg5JRUwazwc$KYBFNpVyxdHrrROuoS22byqt.A/vLSIQn2mxplAb2jPe5og.Cxkf3ws1rJOaj0jN4GymJltdjgIJMgtg5QW8/0',
  ],
  ['passlib 1.7.4 ldap_salted_sha1, salt of 4 bytes', '{SSHA}KCkEJxKh1z7D9S5QOwOtiOyMciQSQsgZ'],
  ['passlib 1.7.4 ldap_salted_sha256', '{SSHA256}ni3pwLHfbko6cCTTr8ijT/7F22iSAHrzvzEFNMm5c8r+XyvlfE/JmQ=='],
  [
    'passlib 1.7.4 ldap_salted_sha512',
    '{SSHA512}oILjdRaOnScqNDOKH9YmLuslrgvZCRSnRJUPuj/Pdf79GLXM9kLELUIzhx9KtYKueuFtP5vDhHNSjbvogPBEo65VSilljNE6',
  ],
  [
    'better-auth 1.7.25',
    '68aafe18c82450381dc9ae2950f787c4:dc578fccacd3bdc84d0d83a700e7e53980bb155be7aa65f1b7c692fcab3698aaeb1fa0cc9def309da34d07540aad599f8aabdbd62b45a4f7478735f93198a070',
  ],
  [
    'firebase-scrypt 2.2.0',
    '$firebase-scrypt$ln=14,r=8,p=1$42xEC+ixf3L2lwc$X9+31jySsb3Kuitq9jOmJw3gXvM8gZpwXHrt3d6u5R494xiY0v43xjJBidcdBVp3bh/0EHBy039fJSZM+63x4g',
  ],
]

export const rareUnicodeHashes: readonly (readonly [string, string])[] = [
  ['Werkzeug 0.16.1 sha256', 'sha256$Ma3JinKX$f8d17dceb19439cd85429a2aa51704fdcfe7d166902e284d0cbfb7357967967b'],
  ['Werkzeug 0.16.1 md5', 'md5$Jz4bLfVK$c6d9610bdd33b2628ded76fa7b17fb35'],
  ['Werkzeug 2.2.3 sha1', 'sha1$iKGr5xU8rMfRH2Ts$886e540f10d00ff8366d6ac37a85702157891cd2'],
  [
    'Werkzeug 2.2.3 sha512',
    'sha512$IShdIOo57vXeRRN6$a3fb8ce009752d5015faeb44ed9c25ac82b846ab60ca653caaf9d687ddeac109396bcd6a06fafeea0c4aa9ea48fe6c5361ae66a3cab1aaaff9428dd4c6e44f9a',
  ],
  ['Werkzeug 0.16.1 pbkdf2:sha1', 'pbkdf2:sha1:1000$ilSMsplv$96b1ead3b547703e26d9757b921fe85a2ac48601'],
  [
    'Werkzeug 2.2.3 pbkdf2:sha384',
    'pbkdf2:sha384:100000$ATgjv4s5BKn5Rag8$f415b6faf74d2e770246c9440cb9a5ff510764463a0f068557167a4589152438403f0985459165f2c76d214802118c71',
  ],
  ['Django 5.2.17 pbkdf2_sha1', 'pbkdf2_sha1$1000000$X3eySIUfBklXxSpHHPQHii$tNiKwXiopCUQ3HHU02N/a4qCyeM='],
  [
    'Django 5.2.17 scrypt',
    'scrypt$16384$pKaOM6ZJTLLK5C6FTtGK2v$8$5$P+ntQQT3hTockS19ora54Ud+Zn/n0kIEeiC+ad//m1NiRPYKvIoYRE2OtZeKujEvSdlR0xKJCpm167FcLMrviA==',
  ],
  ['passlib 1.7.4 pbkdf2_sha1', '$pbkdf2$131000$11prLWXMWetdyxnjvHdOiQ$0/WMjC2W54D7bLZlaLp65oA/sys'],
  ['phpass of WordPress 6.1.9 by PHP 8.2.36', '$P$Bp2uxRyrpVCRkEK6.RMxXm19GSpGef.'],
  ['passlib 1.7.4 phpass of phpBB', '$H$9FGor1vlXnc9tEDH/S2oHCQ6eK.9Tn0'],
  [
    'PHP 8.2.36, as wp_hash_password of WordPress 6.8',
    '$wp$2y$10$aDtMLKRj4Pj4ukz8.jByWusCNDzF8HO.Dejzf.8HHxFqJxsfXWw8W',
  ],
  [
    'passlib 1.7.4 sha512_crypt',
    '$6$FqRXeRVw/n2UA8SH$JECytSc3Xunt.8odQ5RVwlsxYFYzxwFDtUWq7bhofm2vaE63/xbME6IPdsUB9hQrTzK5P7RnrvX3G0nlgRULH/',
  ],
  ['passlib 1.7.4 ldap_salted_sha1, salt of 4 bytes', '{SSHA}nxKKbUmmpQc3EC9WOlPZUJw8tDy29v4f'],
  ['passlib 1.7.4 ldap_salted_sha256', '{SSHA256}lnPyLWoKxoLak9J3XqKsA2uQebQbgcVm1uzHGQGUeboG4HyPUerduw=='],
  [
    'passlib 1.7.4 ldap_salted_sha512',
    '{SSHA512}zXF265stxPLTo+4dmE8MF2lNtNrKeLqb+VE0kBJgEwLnpe5R1NtVJVN4B5gXr2HcvWWPcdziyb5TdDpjA4TpfQphrDUmBGBs',
  ],
  [
    'better-auth 1.7.25',
    '3bfa989320a3bf32ef61d530b5a6960c:6472780a3879de9e1e9503f2a9aed5a82bd3af28c5a2ca655ada41c07cfbbd6f035e8de01eeeedab40d19b959526acf7b93ee591f6785a3d9419c3508d20942f',
  ],
  [
    'firebase-scrypt 2.2.0',
    '$firebase-scrypt$ln=14,r=8,p=1$42xEC+ixf3L2lwc$7dKKk+Ml+AOXmK0nVIstNfv9NU9sku+DqfCqhyOOU8XTK2jxpxU7jlrdcoC1y5iDSyeNPtkx36Qhu06KnWOkNQ',
  ],
]

/**
 * Published hashes with the passwords that they are of, from where the comment says; and hashes made by Python's hashlib or by
 * OpenSSL in the documented form of a system that could not be had.
 */
export const publishedHashes: readonly (readonly [string, string, string])[] = [
  [
    'Firebase, the vector of its scrypt’s README',
    'user1password',
    '$firebase-scrypt$ln=14,r=8,p=1$42xEC+ixf3L2lwc$GjH2+Jz+dglLj5NuFkZHgBvZnv8Z8VZE5sdIgEAbIgeXy+ZfSpJLu1A++pZcpx0OhX41mDwvu2Olmp+PnfLfyQ',
  ],
  [
    'Spring Security, its own tests (bcrypt)',
    'password',
    '{bcrypt}$2a$10$dXJ3SW6G7P50lGmMkkmwe.20cQQubK3.HZWzG3YB1tlRy.fqvM/BG',
  ],
  [
    'Spring Security, its own tests (pbkdf2)',
    'password',
    '{pbkdf2}5d923b44a6d129f3ddf3e3c8d29412723dcbde72445e8ef6bf3b508fbf17fa4ed4d6b99ca763d8dc',
  ],
  [
    'Spring Security, its own tests (scrypt)',
    'password',
    '{scrypt}$e0801$8bWJaSu2IKSn9Z9kM+TPXfOc/9bdYSrN1oD9qfVThWEwdRTnO7re7Ei+fUZRJ68k9lTyuTeUp4of4g24hHnazw==$OAOec05+bXxvuu/1qZ6NUR+xQYvYv7BeL1QxwRpY5Pc=',
  ],
  [
    'Spring Security 5.8 argon2, a public application',
    'alicepass',
    '{argon2@SpringSecurity_v5_8}$argon2id$v=19$m=16384,t=2,p=1$hp9jQvZs8lvWNzB/+zrdnQ$rW8hKbhfb3Ll1UgpvZqcDkb2fAUPWuvZkDo4F+XvNBU',
  ],
  [
    'WordPress 6.8, checked by a live wp_check_password',
    'grimoire-test-123',
    '$wp$2y$12$iWN5xRwDE7i9R5jVJvCyqOxS1CNnwUggQaF8O2W9Bg8TuXQz.ngrS',
  ],
  ['Drupal 10, its tests', 'valid password', '$S$5TOxWPdvJRs0P/xZBdrrPlGgzViOS0drHu3jaIjitesfttrp18bk'],
  [
    'Drupal 7, the _password_crypt of a public app’s test',
    'pässwörd🔑',
    '$S$C87654321RCzP8PldPoyb1CJXE0zDwzDbKaViLhwj3O5Y4ugb1md',
  ],
  [
    'ASP.NET Core Identity v2, its tests',
    'my password',
    'AAABAgMEBQYHCAkKCwwNDg+ukCEMDf0yyQ29NYubggHIVY0sdEUfdyeM+E1LtH1uJg==',
  ],
  [
    'ASP.NET Core Identity v2, its tests (random salt)',
    'my password',
    'ANXrDknc7fGPpigibZXXZFMX4aoqz44JveK6jQuwY3eH/UyPhvr5xTPeGYEckLxz9A==',
  ],
  [
    'ASP.NET Core Identity v3, its tests (sha1, 250 rounds)',
    'my password',
    'AQAAAAAAAAD6AAAAEAhftMyfTJylOlZT+eEotFXd1elee8ih5WsjXaR3PA9M',
  ],
  [
    'ASP.NET Core Identity v3, its tests (sha256, 10000 rounds)',
    'my password',
    'AQAAAAEAACcQAAAAEAABAgMEBQYHCAkKCwwNDg+yWU7rLgUwPZb1Itsmra7cbxw2EFpwpVFIEtP+JIuUEw==',
  ],
  [
    'ASP.NET Core Identity v3, its tests (sha512, 250 rounds)',
    'my password',
    'AQAAAAIAAAD6AAAAIJbVi5wbMR+htSfFp8fTw8N8GOS/Sje+S/4YZcgBfU7EQuqv4OkVYmc4VJl9AGZzmRTxSkP7LtVi9IWyUxX8IAAfZ8v+ZfhjCcudtC1YERSqE1OEdXLW9VukPuJWBBjLuw==',
  ],
  [
    'ASP.NET Core Identity v3, its tests (sha256, 250000 rounds)',
    'my password',
    'AQAAAAEAA9CQAAAAIESkQuj2Du8Y+kbc5lcN/W/3NiAZFEm11P27nrSN5/tId+bR1SwV8CO1Jd72r4C08OLvplNlCDc3oQZ8efcW+jQ=',
  ],
  [
    'hashlib, in the form of Spring 5.8',
    password,
    '{scrypt@SpringSecurity_v5_8}$100801$AAECAwQFBgcICQoLDA0ODw==$1a0ZQtnx0oHhn48xj8fOQ5+iE1AgsBClgPgQyKBBRRw=',
  ],
  [
    'hashlib, in the form of OpenLDAP',
    password,
    '{SSHA384}m3Wujkz1D46+Utz5K/BhZ12CqtLUHsW9ciJYxY4/Jp716vU3PN4cKbpFA3YJivTQAAECAwQFBgc=',
  ],
  [
    'hashlib, as Keycloak’s pbkdf2',
    password,
    '$pbkdf2$i=20000$AAECAwQFBgcICQoLDA0ODw$mDBWhAY1XkkOEOxzcRFoSuJ6yR1+rYw/2EZa18oj9xIBWs+fb95xkPVilQh7KMTqc3ZSpogK3Gij4qsOhkJ+/Q',
  ],
  [
    'hashlib, as Keycloak’s pbkdf2-sha256',
    password,
    '$pbkdf2-sha256$i=27500$AAECAwQFBgcICQoLDA0ODw$Ca/W1uHPdOF53bPWSQyrHQQPdk6KOe20VTbaw0U+WWswH2gciKNBqwk+H7RPgAmCshFAhVRLSSar72bo1/g8dA',
  ],
  [
    'hashlib, as Keycloak’s pbkdf2-sha512',
    password,
    '$pbkdf2-sha512$i=210000$AAECAwQFBgcICQoLDA0ODw$tfP6dFnMFLm84erFFC/hWDzb6fAjAPCAs0RvJLiu5xYHfelPBTAEADgLVRgJzZ8bKvvUpW2nUExEbADbiezuPg',
  ],
  ['OpenSSL 3.0 passwd -5', password, '$5$saltstring$hixOXgchwauyzVtlSM/e7UnQx0qiTk74JE/YU53IbE0'],
  [
    'OpenSSL 3.0 passwd -6',
    password,
    '$6$c9FQCNpgRxZdBr56$eMAeJNbOKmanO8rmKp7c9cXng7lnmJuawsvglf7qx9QqjSgzqqDMix9ATR5IU0yqLd/rl7tBDXMgEOlQ080av/',
  ],
  [
    'hashlib, in the form of Spring Security 5.8 pbkdf2',
    password,
    '{pbkdf2@SpringSecurity_v5_8}000102030405060708090a0b0c0d0e0f7b8ad24392905caa0cc9ebb5b45a445371cca3ab69958986ede276f3458f73fa',
  ],
]
