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
